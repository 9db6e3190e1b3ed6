import PacketAgreement
import Testing

/// The hot `Packet` value and the tables of fields say the same of every packet.
@Suite struct AgreementTests {
    @Test(arguments: PacketCorpus.all)
    func packetAgreesWithItsFields(_ packet: PacketCase) {
        var comparison = PacketComparison(isStrict: true)
        comparison.compare(packet.bytes.span.bytes, from: packet.first)
        #expect(comparison.differences == [], "\(packet)")
    }

    /// Mutations of all packets: what both read is the same.
    @Test func mutatedPacketsAgree() {
        var random = SplitMix(state: 12)
        var comparison = PacketComparison(isStrict: false)
        let corpus = PacketCorpus.all
        for round in 0..<60_000 {
            let packet = corpus[round % corpus.count]
            var bytes = packet.bytes
            for _ in 0..<Int(random.next() % 4) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
            comparison.compare(bytes.span.bytes, from: packet.first)
            if comparison.differences.count > 5 { break }
        }
        #expect(comparison.differences == [])
        #expect(comparison.compared > 550_000)
    }
}
