import Pipeline
import Rendering

/// Writes a capture file beside another form of output.
final class PacketFileWriter {
    private var writer: EventWriter<ContextStream<PcapNGRenderer>>

    init(_ stream: consuming ContextStream<PcapNGRenderer>, to sink: OutputSink) {
        writer = EventWriter(stream, to: sink, endsWithSummary: false, names: nil)
    }

    var failure: RunError? { writer.failure }

    func present(_ record: UnsafeRawBufferPointer) { writer.present(record) }
    func flush() { writer.flush() }
    func finish() {
        _ = writer.finish { delivered, suppressed in
            RunSummary(
                matched: delivered + suppressed, delivered: delivered, lost: 0, suppressed: suppressed, attached: 0,
                skipped: 0)
        }
    }
}
