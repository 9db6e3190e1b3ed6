import CNettraceBPF
import Events
import Rendering
import Testing
import Text

@Suite struct HostileInputTests {
    /// Whole records with flipped bytes and truncation: nothing traps, text stays printable, and lines stay lines.
    @Test func mutatedRecords() {
        var random = SplitMix(state: 2)
        var lines = LineRenderer(names: makeNames(), columns: .all, tracerWidth: 8, time: .utcDate)
        var objects = JSONRenderer(names: makeNames())
        var buffer = ByteBuffer()
        let records = PacketCorpus.packets.map { packet in
            EventRecord(
                flags: NT_EVENT_L2, etherType: packet.etherType, packet: packet.bytes, device: (1, 2, [0x41]),
                task: (1, [0x42]), meta: nt_meta(), functionReturn: (7, 9)
            ).bytes
        }
        var rendered = 0
        for round in 0..<20_000 {
            var bytes = records[round % records.count]
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let size = round % 4 == 0 ? Int.random(in: 0...bytes.count, using: &random) : bytes.count
            guard let event = EventView(bytes.span.bytes.extracting(first: size)) else { continue }
            buffer.removeAll()
            lines.render(event, into: &buffer)
            objects.render(event, into: &buffer)
            rendered += 1
            let isClean = buffer.withUnsafeBytes { bytes in
                // "µs" is the only text beyond ASCII.
                bytes.allSatisfy { ($0 >= 0x20 && $0 < 0x7f) || [0x0a, 0xc2, 0xb5].contains($0) }
                    && bytes.count { $0 == 0x0a } == 2
            }
            #expect(isClean, "round \(round)")
        }
        #expect(rendered > 15_000)
    }

    @Test func everyTruncationOfEveryPacketIsRenderedAndValid() throws {
        let validator = try SchemaValidator()
        for packet in PacketCorpus.packets {
            for size in 0...packet.bytes.count {
                let record = EventRecord(etherType: packet.etherType, packet: Array(packet.bytes.prefix(size)))
                #expect(validator.problems(json(record)) == [])
                #expect(line(record).utf8.allSatisfy { (0x20..<0x7f).contains($0) })
            }
        }
    }
}
