public import Diagnosis

/// Has lost packets judged on a thread of its own, so that whoever reads events never waits for the machine's answers.
///
/// Packets that are alike share one inquiry if they were lost before it began or within `freshness` after that; later ones
/// get another, since the machine may have changed. What waits is bounded. All methods are for one thread.
public final class InquiryDesk: Sendable {
    /// Nanoseconds for which what a search finds holds.
    public static let freshness: UInt64 = 250_000_000
    /// Inquiries that see the same answers of the machine: they were all waiting when it was asked.
    private static let batch = 64
    /// Inquiries that are remembered, so that the next packet that is alike finds them.
    private static let remembered = 4096

    private let state: State

    /// - Parameters:
    ///   - capacity: how many inquiries may wait.
    ///   - makeSearch: called on the thread, once for all inquiries that were waiting.
    public init(judge: Judge, capacity: Int = 1024, makeSearch: @escaping @Sendable () -> CulpritSearch) {
        state = State(judge: judge, capacity: capacity, makeSearch: makeSearch)
    }

    deinit { close() }

    /// The inquiry that will tell what became of a packet; nil: too many are waiting.
    ///
    /// - Parameter time: of the loss, in nanoseconds of CLOCK_MONOTONIC.
    public func open(_ examination: Examination, at time: UInt64) -> Inquiry? {
        let likeness = Likeness(examination)
        return state.lock.withLock {
            if let known = state.recent[likeness], known.began.map({ time <= $0 + Self.freshness }) ?? true {
                return known
            }
            guard state.waiting.count < state.capacity, !state.isClosed else { return nil }
            if !state.hasThread {
                guard startThread({ [state] in Self.judge(state) }) else { return nil }
                state.hasThread = true
            }
            let inquiry = Inquiry(examination)
            if state.recent.count >= Self.remembered { state.recent.removeAll(keepingCapacity: true) }
            state.recent[likeness] = inquiry
            state.waiting.append(inquiry)
            state.lock.signal()
            return inquiry
        }
    }

    public func outcome(of inquiry: Inquiry) -> Inquiry.Outcome {
        state.lock.withLock { inquiry.outcome }
    }

    /// Returns when an inquiry has an outcome that it had not before, or at the deadline of `monotonicTime`.
    public func waitForNews(of inquiry: Inquiry, until deadline: UInt64) {
        state.lock.withLock {
            while case .waiting = inquiry.outcome, monotonicTime() < deadline { state.lock.wait(until: deadline) }
        }
    }

    /// No search begins after this.
    public func close() {
        state.lock.withLock {
            state.isClosed = true
            state.waiting.removeAll()
            state.lock.signal()
        }
    }

    private static func judge(_ state: State) {
        while true {
            let batch: [Inquiry] = state.lock.withLock {
                while state.waiting.isEmpty, !state.isClosed { state.lock.wait() }
                let batch = Array(state.waiting.prefix(Self.batch))
                state.waiting.removeFirst(batch.count)
                let now = monotonicTime()
                for inquiry in batch { inquiry.began = now }
                return batch
            }
            guard !batch.isEmpty else { return }
            let search = state.makeSearch()
            for inquiry in batch {
                guard !state.lock.withLock({ state.isClosed }) else { return }
                let verdict = state.judge.verdict(on: inquiry.examination, asking: search)
                state.lock.withLock {
                    inquiry.outcome = .judged(verdict)
                    state.lock.signal()
                }
            }
        }
    }

    /// Shared with the thread, which may outlive the desk by the search that it is at. All that varies is under the lock.
    private final class State: @unchecked Sendable {
        let judge: Judge
        let capacity: Int
        let makeSearch: @Sendable () -> CulpritSearch
        let lock = Lock()
        var waiting: [Inquiry] = []
        var recent: [Likeness: Inquiry] = [:]
        var hasThread = false
        var isClosed = false

        init(judge: Judge, capacity: Int, makeSearch: @escaping @Sendable () -> CulpritSearch) {
            self.judge = judge
            self.capacity = capacity
            self.makeSearch = makeSearch
        }
    }
}
