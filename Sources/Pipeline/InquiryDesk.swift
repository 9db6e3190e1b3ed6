public import Diagnosis

/// Judges lost packets on a thread of its own, so that the thread that reads events never waits for answers of the machine.
///
/// Similar packets share one inquiry if they were lost before it began, or within `freshness` after that; later ones get
/// another, since the machine may have changed. The number of waiting inquiries is bounded. All methods must be called from one
/// thread.
public final class InquiryDesk: Sendable {
    /// Nanoseconds for which the result of a search is valid.
    public static let freshness: UInt64 = 250_000_000
    /// Maximum number of inquiries that share the answers of the machine: all of them were waiting when it was asked.
    private static let batch = 64
    /// Maximum number of inquiries that are remembered for later packets of the same likeness.
    private static let remembered = 4096

    private let state: State

    /// - Parameters:
    ///   - capacity: maximum number of waiting inquiries.
    ///   - makeSearch: called on the thread, once for all inquiries of a batch.
    public init(judge: Judge, capacity: Int = 1024, makeSearch: @escaping @Sendable () -> CulpritSearch) {
        state = State(judge: judge, capacity: capacity, makeSearch: makeSearch)
    }

    deinit { close() }

    /// The inquiry that will have the packet's verdict; nil if too many are waiting, if the desk is closed, or if its thread
    /// cannot be started.
    ///
    /// - Parameter time: time of the loss, in nanoseconds of CLOCK_MONOTONIC.
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

    /// Returns when the inquiry has an outcome, or at the deadline (a `monotonicTime`).
    public func waitForNews(of inquiry: Inquiry, until deadline: UInt64) {
        state.lock.withLock {
            while case .waiting = inquiry.outcome, monotonicTime() < deadline { state.lock.wait(until: deadline) }
        }
    }

    /// Prevents further searches.
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

    /// Shared with the thread, which may outlive the desk until its current search ends. The lock guards all mutable state.
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
