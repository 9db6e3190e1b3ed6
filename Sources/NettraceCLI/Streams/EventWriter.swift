import Glibc
import Rendering
import Text

/// Writes a stream of events to standard output or a file, and counts the events that have arrived there.
struct EventWriter<Stream: EventStream & ~Copyable>: RecordConsumer, ~Copyable {
    static var outcome: StaticString { "shown" }

    private var stream: Stream
    private let endsWithSummary: Bool
    private let names: LiveNames?
    /// Gets all records, too.
    private let companion: PacketFileWriter?
    private var sink: OutputSink
    private var buffer = ByteBuffer(capacity: flushThreshold * 2)
    /// `stream.shownEvents` when the buffer was last emptied.
    private var accounted: UInt64 = 0
    private var unwritten: UInt64 = 0

    /// Number of events that reached the output.
    private var delivered: UInt64 = 0

    /// - Parameters:
    ///   - endsWithSummary: print the account of the run as the last line, as in a JSON stream.
    ///   - names: names to look up while events arrive; nil for a recording, which contains them.
    ///   - companion: writes a capture file of the same events.
    init(
        _ stream: consuming Stream, to sink: OutputSink = .standardOutput, endsWithSummary: Bool, names: LiveNames?,
        companion: PacketFileWriter? = nil
    ) {
        self.names = names
        self.companion = companion
        self.stream = stream
        self.sink = sink
        self.endsWithSummary = endsWithSummary
    }

    var isDone: Bool { sink.isClosed || stream.isDone }

    /// The reason why nothing more can be written, unless the reader has left.
    var failure: RunError? {
        sink.complaint.map { RunError("\($0); the events after that are counted as suppressed") } ?? companion?.failure
    }

    mutating func present(_ record: UnsafeRawBufferPointer) {
        names?.prepare(for: record)
        stream.accept(record.bytes, into: &buffer)
        companion?.present(record)
        if buffer.count >= flushThreshold { write() }
    }

    mutating func report(_ suppressed: [Suppression]) {
        for part in suppressed {
            if endsWithSummary { part.renderJSON(into: &buffer) } else { part.renderText(into: &buffer) }
        }
    }

    mutating func flush() {
        names?.follow()
        stream.advance(to: eventTime(), into: &buffer)
        if buffer.isEmpty {
            sink.checkReader()
        }
        write()
        companion?.flush()
    }

    mutating func note(_ loss: LossNotice) {
        if endsWithSummary { loss.renderJSON(into: &buffer) }
    }

    mutating func finish(_ account: (_ delivered: UInt64, _ suppressed: UInt64) -> RunSummary) -> RunSummary {
        stream.finish(into: &buffer)
        write()
        companion?.finish()
        // Events that could not be written count as suppressed.
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

/// Large enough that writes are rare. Output is not delayed by it, since the buffer is also written when the ring is
/// empty.
private let flushThreshold = 64 << 10
