import Analysis
import CAllocationCounter
import CNettraceBPF
import Events
import Pipeline
import Protocols
import Rendering
import Text
import Tracers

/// Measures the time of user space per event: from records in memory to decoded packets, lines of text and JSON.
struct RenderingBenchmark {
    let runs: Int
    /// nil for all views.
    let view: String?
    /// A prime, so that no period of the mix divides it.
    private static let eventCount = 100_003

    func run() throws {
        let plain = RecordCorpus(count: Self.eventCount, sections: NT_SECTION_PACKET)
        let full = RecordCorpus(
            count: Self.eventCount,
            sections: NT_SECTION_PACKET | NT_SECTION_DEVICE | NT_SECTION_TASK | NT_SECTION_META)
        let names = RecordingNames.table()
        let life = try TracerCatalog.embedded().life
        measure("decode", plain, EventSink(Decoder()))
        measure("text", plain, EventSink(LineRenderer(names: names)))
        measure("text_date", plain, EventSink(LineRenderer(names: names, time: .localDate)))
        measure("text_detail", full, EventSink(LineRenderer(names: names, columns: .all)))
        measure("json", plain, EventSink(JSONRenderer(names: names)))
        measure("json_detail", full, EventSink(JSONRenderer(names: names)))
        measure("timeline", plain, PacketSink(TimelineRenderer(names: names), names, life))
        measure("timeline_json", plain, PacketSink(TimelineJSONRenderer(names: names), names, life))
    }

    /// Generic, so that the loop calls the renderer directly, as the program's own loop does.
    private func measure<Sink: RecordSink & ~Copyable>(_ name: String, _ corpus: RecordCorpus, _ sink: consuming Sink) {
        guard view == nil || view == name else { return }
        var sink = sink
        var corpus = corpus
        var buffer = ByteBuffer(capacity: Self.flushThreshold * 2)
        var written = 0
        var perEvent: [Double] = []
        var allocations: UInt64 = 0
        // The first pass fills the caches and grows the buffer.
        for _ in 0...runs {
            written = 0
            let allocated = allocation_count()
            let time = processorNanoseconds {
                for record in corpus.records {
                    sink.take(corpus.bytes.span.bytes.extracting(record), into: &buffer)
                    guard buffer.count >= Self.flushThreshold else { continue }
                    written += buffer.count
                    buffer.removeAll()
                }
            }
            written += buffer.count
            buffer.removeAll()
            allocations = allocation_count() - allocated
            corpus.goOn()
            perEvent.append(time / Double(corpus.records.count))
        }
        let median = Array(perEvent.dropFirst()).median
        Figures.print("rendering.\(name).event", median, "ns")
        Figures.print("rendering.\(name).rate", 1e9 / median, "events/s")
        Figures.print("rendering.\(name).size", Double(written) / Double(corpus.records.count), "bytes/event")
        // Allocations of the last pass, when all buffers have their final size.
        Figures.print("rendering.\(name).allocations", allocations, "per pass")
    }

    /// The program also collects this many bytes before it writes.
    private static let flushThreshold = 64 << 10
}

/// Decodes the packet and prints one byte of the result, so that the compiler cannot remove the decoding.
private struct Decoder: EventRenderer {
    mutating func render(_ event: EventView, into buffer: inout ByteBuffer) {
        var packet = Packet()
        buffer.append(packet.decode(event) ? packet.headers.proto ?? 0 : 0)
    }
}

/// Accepts records as the program's streams do.
private protocol RecordSink: ~Copyable {
    mutating func take(_ record: RawSpan, into buffer: inout ByteBuffer)
}

private struct EventSink<Renderer: EventRenderer>: RecordSink {
    private var renderer: Renderer

    init(_ renderer: Renderer) { self.renderer = renderer }

    mutating func take(_ record: RawSpan, into buffer: inout ByteBuffer) {
        guard let event = EventView(record) else { return }
        renderer.render(event, into: &buffer)
    }
}

/// Collects events and renders packets, as `--timeline` does.
private struct PacketSink<Renderer: ContextRenderer>: RecordSink, ~Copyable {
    private var stream: ContextStream<Renderer>

    private var taken = 0
    private var time: UInt64 = 0

    init(_ renderer: Renderer, _ names: NameTable, _ life: SkbLife) {
        stream = ContextStream(
            renderer, releases: FragmentReleaseTable(life, symbolize: names.symbol).release,
            rules: EndingRules(hooks: RecordingNames.hooks, dropReasons: names.dropReasonNames),
            tracker: ContextTracker())
    }

    mutating func take(_ record: RawSpan, into buffer: inout ByteBuffer) {
        stream.accept(record, into: &buffer)
        taken += 1
        time = EventView(record)?.timestamp ?? time
        // The program advances the clock about this often under load.
        if taken.isMultiple(of: 512) { stream.advance(to: time, into: &buffer) }
    }
}

/// Names for the synthetic events.
enum RecordingNames {
    static let dropReason: UInt32 = 3

    static var hooks: [HookFacts] {
        (0..<RecordCorpus.hookCount).map {
            HookFacts(tracer: "netif_receive_skb_\($0)", role: .receive, flags: [])
        }
    }

    static func table() -> NameTable {
        NameTable(
            hooks: (0..<RecordCorpus.hookCount).map { .init(tracer: "netif_receive_skb_\($0)", module: "link-in") },
            dropReasons: [dropReason: "SKB_DROP_REASON_NO_SOCKET"], clockOffset: 1_790_000_000_000_000_000,
            symbolize: { _ in "tcp_v4_rcv+0x1a3" })
    }
}
