import Analysis
import Events
import Text

/// Finished contexts → text, in their order: the part of a stream after the tracker.
///
/// A packet whose culprit is being searched for is kept as text, and with it all that follow, until its verdict is there.
struct ContextOutput<Renderer: ContextRenderer> {
    private var renderer: Renderer
    /// The meaning of a free at an address in the kernel.
    private let releases: (UInt64) -> FragmentRelease
    private var rules: EndingRules
    private let minimumLatency: UInt64
    private let limit: UInt64
    private(set) var diagnosis: ContextDiagnosis?
    private var queue = TextQueue()
    var account = ContextStream<Renderer>.Account()

    /// Bytes of text that may wait for verdicts; beyond that the oldest one is given without the machine's answers.
    private let maximumWaiting = 32 << 20
    /// Bytes of text that are released at a time: between two of them whoever reads events comes back to the ring.
    private let slice = 1 << 20
    /// Nanoseconds that searches may go on after the run has ended.
    private let patience: UInt64 = 10_000_000_000

    init(
        renderer: Renderer, releases: @escaping (UInt64) -> FragmentRelease, rules: EndingRules, minimumLatency: UInt64,
        limit: UInt64,
        diagnosis: ContextDiagnosis?
    ) {
        self.renderer = renderer
        self.releases = releases
        self.rules = rules
        self.minimumLatency = minimumLatency
        self.limit = limit
        self.diagnosis = diagnosis
    }

    var waitingEvents: UInt64 { renderer.waitingEvents }

    var isDone: Bool {
        account.shownPackets >= limit || (diagnosis?.endsWithFinding == true && diagnosis?.findings.isEmpty == false)
    }

    /// Takes every record in the order of the ring, before the tracker does.
    mutating func note(_ record: RawSpan) {
        guard diagnosis != nil, let event = EventView(record) else { return }
        diagnosis?.note(event)
    }

    mutating func show(_ context: FinishedContext, _ buffer: inout ByteBuffer) {
        account.suppressedEvents += UInt64(context.truncatedEvents)
        let events = UInt64(context.shownEvents)
        guard !isDone, context.duration >= minimumLatency else {
            account.suppressedEvents += events
            return
        }
        let ending = rules.ending(of: context, releases: releases)
        guard let state = diagnosis?.begin(context, ending) else {
            renderer.render(context, ending, into: &buffer)
            renderer.renderEndOfContext(into: &buffer)
            account.shownPackets += 1
            account.shownEvents += events
            return
        }
        let start = buffer.count
        if diagnosis?.onlyFindings != true || !state.isHealthy { renderer.render(context, ending, into: &buffer) }
        if queue.isEmpty, case .known = state {
            end(state, events, at: context.endTime, keepingTextFrom: start, &buffer)
            return
        }
        queue.append(.init(state: state, events: events, time: context.endTime), takingTextFrom: start, of: &buffer)
        if queue.bytes > maximumWaiting { release(into: &buffer) }
    }

    mutating func showUntracked(_ event: EventView, _ buffer: inout ByteBuffer) {
        guard !isDone, minimumLatency == 0, diagnosis?.onlyFindings != true else {
            account.suppressedEvents += 1
            return
        }
        let start = buffer.count
        renderer.renderUntracked(event, into: &buffer)
        guard queue.isEmpty else {
            queue.append(.init(state: nil, events: 1, time: event.timestamp), takingTextFrom: start, of: &buffer)
            return
        }
        account.shownEvents += 1
    }

    /// Appends what no longer waits for a verdict, a slice of it at most.
    mutating func release(into buffer: inout ByteBuffer) {
        let bound = buffer.count + slice
        while buffer.count < bound, let first = queue.first {
            guard let before = first.state, var state = diagnosis?.update(before) else {
                takeUntracked(into: &buffer)
                continue
            }
            if case .awaited(let inquiry) = state {
                guard queue.bytes > maximumWaiting || isDone, let abandoned = diagnosis?.abandon(inquiry) else {
                    return
                }
                state = abandoned
            }
            let start = buffer.count
            queue.removeFirst(into: &buffer)
            end(state, first.events, at: first.time, keepingTextFrom: start, &buffer)
        }
    }

    mutating func pause(at now: UInt64, _ buffer: inout ByteBuffer) {
        renderer.renderPause(at: now, into: &buffer)
    }

    /// Waits for verdicts, appends what is left, and then what there is to say after the last context.
    mutating func finish(into buffer: inout ByteBuffer) {
        let deadline = monotonicTime() + patience
        release(into: &buffer)
        while let first = queue.first {
            if case .awaited(let inquiry)? = first.state {
                if monotonicTime() < deadline {
                    diagnosis?.wait(for: inquiry, until: deadline)
                } else if let abandoned = diagnosis?.abandon(inquiry) {
                    queue.replaceFirst(abandoned)
                }
            }
            release(into: &buffer)
        }
        diagnosis?.close()
        renderer.renderEnd(into: &buffer)
    }

    private mutating func takeUntracked(into buffer: inout ByteBuffer) {
        let start = buffer.count
        guard let first = queue.removeFirst(into: &buffer) else { return }
        if isDone {
            buffer.truncate(to: start)
            account.suppressedEvents += first.events
        } else {
            account.shownEvents += first.events
        }
    }

    /// Completes the text of a packet that stands at the end of the buffer, or takes it back.
    private mutating func end(
        _ state: ContextDiagnosis.State, _ events: UInt64, at time: UInt64, keepingTextFrom start: Int,
        _ buffer: inout ByteBuffer
    ) {
        guard !isDone, case .known(let verdict, let isUnasked) = state else {
            buffer.truncate(to: start)
            account.suppressedEvents += events
            return
        }
        let entry = diagnosis?.enter(verdict, isUnasked: isUnasked, at: time)
        guard entry != nil || diagnosis?.onlyFindings != true else {
            buffer.truncate(to: start)
            account.suppressedEvents += events
            return
        }
        if let entry { renderer.render(entry, into: &buffer) }
        renderer.renderEndOfContext(into: &buffer)
        account.shownPackets += 1
        account.shownEvents += events
    }
}

extension ContextDiagnosis.State {
    /// The packet has no loss that matters.
    fileprivate var isHealthy: Bool {
        if case .known(nil, _) = self { true } else { false }
    }
}
