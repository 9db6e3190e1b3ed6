public import Analysis
public import Diagnosis
import Events

/// Records → tracker → finished contexts → a form of output, and the account of it.
///
/// Feed it each record in the order of the ring, `advance` it whenever the ring is empty, `finish` it at the end of the
/// run. Each appends what is complete by then to the buffer. Every event that was accepted is shown or suppressed, once
/// the run has been finished.
public struct TimelineStream<Renderer: ContextRenderer>: ~Copyable {
    /// What the stream did so far.
    public struct Account: Sendable, Equatable {
        /// Packets and events in the output.
        public var shownPackets: UInt64 = 0
        public var shownEvents: UInt64 = 0
        /// Events that were left out: of packets beyond the limit or too fast to be of interest, beyond what is kept of
        /// one packet, returns that came too late, or unreadable.
        public var suppressedEvents: UInt64 = 0
    }

    /// How packets are judged, and what the verdicts decide.
    public struct Diagnosis {
        var diagnostician: Diagnostician
        var onlyFindings: Bool
        var endsWithFinding: Bool

        /// - Parameters:
        ///   - onlyFindings: packets that nobody misses are not shown.
        ///   - endsWithFinding: the first one that somebody misses is the last one shown.
        public init(_ diagnostician: Diagnostician, onlyFindings: Bool, endsWithFinding: Bool) {
            self.diagnostician = diagnostician
            self.onlyFindings = onlyFindings
            self.endsWithFinding = endsWithFinding
        }
    }

    private var tracker: ContextTracker
    private var output: Output

    /// - Parameters:
    ///   - minimumLatency: only packets that lived at least this long are shown, in nanoseconds.
    ///   - limit: how many packets to show (`-c`).
    public init(
        _ renderer: Renderer, tracker: consuming ContextTracker, minimumLatency: UInt64 = 0, limit: UInt64? = nil,
        diagnosis: Diagnosis? = nil
    ) {
        self.tracker = tracker
        output = Output(renderer: renderer, minimumLatency: minimumLatency, limit: limit ?? .max, diagnosis: diagnosis)
    }

    public var account: Account { output.account }

    /// What the verdicts of the run come to; nil where packets are not judged.
    public var findings: Findings? { output.findings }

    public var trackerCounters: ContextTracker.Counters { tracker.counters }

    /// True once as many packets have been shown as were asked for.
    public var isDone: Bool { output.isDone }

    /// Takes one record.
    public mutating func accept(_ record: RawSpan, into buffer: inout ByteBuffer) {
        Self.accept(record, &tracker, &output, &buffer)
    }

    /// - Parameter now: nanoseconds of CLOCK_MONOTONIC.
    public mutating func advance(to now: UInt64, into buffer: inout ByteBuffer) {
        Self.close(&tracker, &output, &buffer) { tracker, emit in tracker.advance(to: now, emit) }
    }

    /// Shows the packets that are still alive.
    public mutating func finish(into buffer: inout ByteBuffer) {
        Self.close(&tracker, &output, &buffer) { tracker, emit in tracker.finish(emit) }
        output.renderer.renderEnd(into: &buffer)
    }

    // Static, since a closure over `self` could not run while `self.tracker` is being changed.
    private static func accept(
        _ record: RawSpan, _ tracker: inout ContextTracker, _ output: inout Output, _ buffer: inout ByteBuffer
    ) {
        switch tracker.accept(record, { output.show($0, &buffer) }) {
        case .tracked, .lifeOnly: break
        case .untracked:
            if let event = EventView(record) { output.showUntracked(event, &buffer) }
        case .lateReturn, .unreadable: output.account.suppressedEvents += 1
        }
    }

    private static func close(
        _ tracker: inout ContextTracker, _ output: inout Output, _ buffer: inout ByteBuffer,
        _ body: (inout ContextTracker, (FinishedContext) -> Void) -> Void
    ) {
        body(&tracker) { output.show($0, &buffer) }
    }

    /// The part behind the tracker.
    private struct Output {
        var renderer: Renderer
        let minimumLatency: UInt64
        let limit: UInt64
        var diagnosis: Diagnosis?
        var findings: Findings?
        var account = Account()

        init(renderer: Renderer, minimumLatency: UInt64, limit: UInt64, diagnosis: Diagnosis?) {
            self.renderer = renderer
            self.minimumLatency = minimumLatency
            self.limit = limit
            self.diagnosis = diagnosis
            findings = diagnosis == nil ? nil : Findings()
        }

        var isDone: Bool {
            account.shownPackets >= limit || (diagnosis?.endsWithFinding == true && findings?.isEmpty == false)
        }

        mutating func show(_ context: FinishedContext, _ buffer: inout ByteBuffer) {
            account.suppressedEvents += UInt64(context.truncatedEvents)
            guard !isDone, context.duration >= minimumLatency else {
                account.suppressedEvents += UInt64(context.count)
                return
            }
            let verdict = diagnosis?.diagnostician.verdict(on: context)
            findings?.add(verdict)
            guard verdict != nil || diagnosis?.onlyFindings != true else {
                account.suppressedEvents += UInt64(context.count)
                return
            }
            renderer.render(context, verdict, into: &buffer)
            account.shownPackets += 1
            account.shownEvents += UInt64(context.count)
        }

        mutating func showUntracked(_ event: EventView, _ buffer: inout ByteBuffer) {
            guard !isDone, minimumLatency == 0, diagnosis?.onlyFindings != true else {
                account.suppressedEvents += 1
                return
            }
            renderer.renderUntracked(event, into: &buffer)
            account.shownEvents += 1
        }
    }
}
