import Analysis
import Events
import Pipeline
import Rendering

/// Records → a form of output, with an account of them: each is shown or suppressed, once the run has been finished.
protocol EventStream: ~Copyable {
    /// Takes one record, in the order of the ring.
    mutating func accept(_ record: RawSpan, into buffer: inout ByteBuffer)
    /// Called whenever the ring is empty. `now`: nanoseconds of the clock of events.
    mutating func advance(to now: UInt64, into buffer: inout ByteBuffer)
    /// Appends what is left, at the end of the run.
    mutating func finish(into buffer: inout ByteBuffer)
    /// Nothing more is wanted (`-c`).
    var isDone: Bool { get }
    /// Events that have been appended to a buffer.
    var shownEvents: UInt64 { get }
    /// Events that were left out on purpose.
    var suppressedEvents: UInt64 { get }
    /// What the limits of memory have cost; nil where packets are not collected.
    var tracking: ContextTracker.Counters? { get }
    /// What packets died of; nil where they are not judged.
    var findings: Findings? { get }
}

/// Events one by one, as they come.
struct LineStream<Renderer: EventRenderer>: EventStream {
    private var renderer: Renderer
    private let limit: UInt64
    private(set) var shownEvents: UInt64 = 0
    private(set) var suppressedEvents: UInt64 = 0

    /// - Parameter limit: how many events to show.
    init(_ renderer: Renderer, limit: UInt64?) {
        self.renderer = renderer
        self.limit = limit ?? .max
    }

    var isDone: Bool { shownEvents >= limit }
    var tracking: ContextTracker.Counters? { nil }
    var findings: Findings? { nil }

    mutating func accept(_ record: RawSpan, into buffer: inout ByteBuffer) {
        guard let event = EventView(record) else {
            suppressedEvents += 1
            return
        }
        // Only tells what became of a packet; it was never counted as an event.
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

extension TimelineStream: EventStream {
    var shownEvents: UInt64 { account.shownEvents }
    var suppressedEvents: UInt64 { account.suppressedEvents }
    var tracking: ContextTracker.Counters? { trackerCounters }
}
