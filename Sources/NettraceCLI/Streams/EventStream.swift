import Analysis
import Events
import Pipeline
import Rendering
import Text

/// Records → a form of output. After `finish`, each record counts as shown or suppressed.
protocol EventStream: ~Copyable {
    /// Takes one record, in the order of the ring.
    mutating func accept(_ record: RawSpan, into buffer: inout ByteBuffer)
    /// Called whenever the ring is empty. `now`: nanoseconds of the clock that stamps events.
    mutating func advance(to now: UInt64, into buffer: inout ByteBuffer)
    /// Appends the remaining output at the end of the run.
    mutating func finish(into buffer: inout ByteBuffer)
    /// Whether no more events are wanted (`-c`).
    var isDone: Bool { get }
    /// Number of events that have been appended to a buffer.
    var shownEvents: UInt64 { get }
    /// Number of events that were left out on purpose.
    var suppressedEvents: UInt64 { get }
    /// Losses caused by the limits of memory; nil if packets are not collected.
    var tracking: ContextTracker.Counters? { get }
    /// Causes of lost packets; nil if packets are not judged.
    var findings: VerdictTally? { get }
}

/// Shows events one by one as they arrive.
struct LineStream<Renderer: EventRenderer>: EventStream {
    private var renderer: Renderer
    private let limit: UInt64
    private(set) var shownEvents: UInt64 = 0
    private(set) var suppressedEvents: UInt64 = 0

    /// - Parameter limit: maximum number of events to show.
    init(_ renderer: Renderer, limit: UInt64?) {
        self.renderer = renderer
        self.limit = limit ?? .max
    }

    var isDone: Bool { shownEvents >= limit }
    var tracking: ContextTracker.Counters? { nil }
    var findings: VerdictTally? { nil }

    mutating func accept(_ record: RawSpan, into buffer: inout ByteBuffer) {
        guard let event = EventView(record) else {
            suppressedEvents += 1
            return
        }
        // The record only reports the end of a packet, and was never counted as an event.
        guard event.flags.isDisjoint(with: .unshown) else { return }
        guard !isDone else {
            suppressedEvents += 1
            return
        }
        renderer.render(event, into: &buffer)
        shownEvents += 1
    }

    mutating func advance(to now: UInt64, into buffer: inout ByteBuffer) {}
    mutating func finish(into buffer: inout ByteBuffer) {}
}

extension ContextStream: EventStream {
    var shownEvents: UInt64 { account.shownEvents - waitingEvents }
    var suppressedEvents: UInt64 { account.suppressedEvents }
    var tracking: ContextTracker.Counters? { trackerCounters }
}
