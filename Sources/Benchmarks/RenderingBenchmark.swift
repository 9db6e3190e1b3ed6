import Analysis
import CNettraceBPF
import Events
import PacketDecoding
import Rendering

/// Records in memory → decoded packets, lines of text, JSON: what user space spends per event.
struct RenderingBenchmark {
    let runs: Int
    /// A prime, so that the mix never falls into step with anything.
    private static let eventCount = 100_003

    func run() {
        let plain = RecordCorpus(count: Self.eventCount, sections: NT_SECTION_PACKET)
        let full = RecordCorpus(
            count: Self.eventCount,
            sections: NT_SECTION_PACKET | NT_SECTION_DEVICE | NT_SECTION_TASK | NT_SECTION_META)
        let names = RecordingNames.table()
        measure("decode", plain) { Decoder() }
        measure("text", plain) { LineRenderer(names: names) }
        measure("text_date", plain) { LineRenderer(names: names, time: .localDate) }
        measure("text_detail", full) { LineRenderer(names: names, columns: .all) }
        measure("json", plain) { JSONRenderer(names: names) }
        measure("json_detail", full) { JSONRenderer(names: names) }
    }

    /// Generic, so that the loop calls the renderer directly, as the program's own loop does.
    private func measure<Renderer: EventRenderer>(
        _ name: String, _ corpus: RecordCorpus, _ makeRenderer: () -> Renderer
    ) {
        var renderer = makeRenderer()
        var buffer = ByteBuffer(capacity: Self.flushThreshold * 2)
        var written = 0
        var perEvent: [Double] = []
        // The first pass warms caches and the buffer up.
        for _ in 0...runs {
            written = 0
            let time = nanoseconds {
                for record in corpus.records {
                    guard let event = EventView(corpus.bytes.span.bytes.extracting(record)) else { continue }
                    renderer.render(event, into: &buffer)
                    guard buffer.count >= Self.flushThreshold else { continue }
                    written += buffer.count
                    buffer.removeAll()
                }
            }
            written += buffer.count
            buffer.removeAll()
            perEvent.append(time / Double(corpus.records.count))
        }
        let median = Array(perEvent.dropFirst()).median
        Figures.print("rendering.\(name).event", median, "ns")
        Figures.print("rendering.\(name).rate", 1e9 / median, "events/s")
        Figures.print("rendering.\(name).size", Double(written) / Double(corpus.records.count), "bytes/event")
    }

    /// As large as what the program collects before it writes.
    private static let flushThreshold = 64 << 10
}

/// Decodes and shows one byte of the result: enough that the compiler cannot leave the decoding out.
private struct Decoder: EventRenderer {
    mutating func render(_ event: EventView, into buffer: inout ByteBuffer) {
        buffer.append(Packet(event)?.headers.proto ?? 0)
    }
}

/// Names for the made-up events.
enum RecordingNames {
    static let dropReason: UInt32 = 3

    static func table() -> NameTable {
        NameTable(
            hooks: (0..<RecordCorpus.hookCount).map { .init(tracer: "netif_receive_skb_\($0)", module: "link-in") },
            dropReasons: [dropReason: "SKB_DROP_REASON_NO_SOCKET"], clockOffset: 1_790_000_000_000_000_000,
            symbolize: { _ in "tcp_v4_rcv+0x1a3" })
    }
}
