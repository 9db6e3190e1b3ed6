public import Analysis
import Diagnosis
import Events
public import Text

/// Records → tracker → finished contexts, judged once → a form of output, and the account of it.
///
/// Feed it each record in the order of the ring, `advance` it whenever the ring is empty, `finish` it at the end of the
/// run. Each appends what is complete by then to the buffer. Every event that was accepted is shown or suppressed, once
/// the run has been finished.
public struct ContextStream<Renderer: ContextRenderer>: ~Copyable {
    /// The stream's account so far.
    public struct Account: Sendable, Equatable {
        /// Packets and events in the output.
        public var shownPackets: UInt64 = 0
        public var shownEvents: UInt64 = 0
        /// Events that were left out: of packets beyond the limit or too fast to be of interest, beyond what is kept of
        /// one packet, returns that came too late, or unreadable.
        public var suppressedEvents: UInt64 = 0
    }

    private var tracker: ContextTracker
    private var output: ContextOutput<Renderer>

    /// - Parameters:
    ///   - releases: the meaning of a free at an address in the kernel.
    ///   - rules: made for the hooks of the run.
    ///   - minimumLatency: only packets that lived at least this long are shown, in nanoseconds.
    ///   - limit: how many packets to show (`-c`).
    public init(
        _ renderer: Renderer, releases: @escaping (UInt64) -> FragmentRelease, rules: EndingRules,
        tracker: consuming ContextTracker,
        minimumLatency: UInt64 = 0, limit: UInt64? = nil, diagnosis: ContextDiagnosis? = nil
    ) {
        self.tracker = tracker
        output = ContextOutput(
            renderer: renderer, releases: releases, rules: rules, minimumLatency: minimumLatency, limit: limit ?? .max,
            diagnosis: diagnosis)
    }

    public var account: Account { output.account }

    /// Shown events that are not in a buffer yet.
    public var waitingEvents: UInt64 { output.waitingEvents }

    /// The verdicts of the run; nil where packets are not judged.
    public var findings: VerdictTally? { output.diagnosis?.findings }

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
        output.release(into: &buffer)
        output.pause(at: now, &buffer)
    }

    /// Shows the packets that are still alive. Searches for culprits that go on are waited for, but not for long.
    public mutating func finish(into buffer: inout ByteBuffer) {
        Self.close(&tracker, &output, &buffer) { tracker, emit in tracker.finish(emit) }
        output.finish(into: &buffer)
    }

    // Static, since a closure over `self` could not run while `self.tracker` is being changed.
    private static func accept(
        _ record: RawSpan, _ tracker: inout ContextTracker, _ output: inout ContextOutput<Renderer>,
        _ buffer: inout ByteBuffer
    ) {
        output.note(record)
        switch tracker.accept(record, { output.show($0, &buffer) }) {
        case .tracked, .lifeOnly: break
        case .untracked:
            if let event = EventView(record) { output.showUntracked(event, &buffer) }
        case .lateReturn, .unreadable: output.account.suppressedEvents += 1
        }
    }

    private static func close(
        _ tracker: inout ContextTracker, _ output: inout ContextOutput<Renderer>, _ buffer: inout ByteBuffer,
        _ body: (inout ContextTracker, (FinishedContext) -> Void) -> Void
    ) {
        body(&tracker) { output.show($0, &buffer) }
    }
}
