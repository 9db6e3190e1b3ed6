import Glibc
import Rendering

/// Carries a stream of events to standard output, and knows what has really got there.
struct EventPresenter<Stream: EventStream & ~Copyable>: RecordConsumer, ~Copyable {
    static var outcome: StaticString { "shown" }

    private var stream: Stream
    private let endsWithSummary: Bool
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: flushThreshold * 2)
    /// What the stream had shown when the buffer was last emptied.
    private var accounted: UInt64 = 0
    private var unwritten: UInt64 = 0

    /// Events that reached standard output.
    private var delivered: UInt64 = 0

    /// - Parameter endsWithSummary: the account of the run is the last line, as in a JSON stream.
    init(_ stream: consuming Stream, endsWithSummary: Bool) {
        self.stream = stream
        self.endsWithSummary = endsWithSummary
    }

    var isDone: Bool { sink.isClosed || stream.isDone }

    /// Why nothing more can be written, if that is more than the reader having left.
    var failure: RunError? {
        sink.complaint.map { RunError("\($0); the events after that are counted as suppressed") }
    }

    mutating func present(_ record: UnsafeRawBufferPointer) -> Bool {
        stream.accept(record.bytes, into: &buffer)
        if buffer.count >= flushThreshold { write() }
        return true
    }

    mutating func tell(_ suppressed: [Suppression]) {
        for part in suppressed {
            if endsWithSummary { part.renderJSON(into: &buffer) } else { part.renderText(into: &buffer) }
        }
    }

    mutating func flush() {
        stream.advance(to: eventTime(), into: &buffer)
        if buffer.isEmpty {
            sink.checkReader()
        }
        write()
    }

    mutating func note(_ loss: LossNotice) {
        if endsWithSummary { loss.renderJSON(into: &buffer) }
    }

    mutating func finish(_ account: (_ delivered: UInt64, _ suppressed: UInt64) -> RunSummary) -> RunSummary {
        stream.finish(into: &buffer)
        write()
        // With nobody left to read them, events are as good as left out.
        var summary = account(delivered, stream.suppressedEvents + unwritten)
        summary.tracking = stream.tracking
        summary.findings = stream.findings
        if endsWithSummary { summary.renderJSON(into: &buffer) }
        write()
        return summary
    }

    private mutating func write() {
        let shown = stream.shownEvents - accounted
        accounted = stream.shownEvents
        guard !buffer.isEmpty || shown > 0 else { return }
        if sink.write(&buffer) {
            delivered += shown
        } else {
            unwritten += shown
        }
    }
}

/// Large enough that writing is rare, small enough that nobody waits for it: it is also written when the ring is empty.
private let flushThreshold = 64 << 10
