import Protocols
import Testing
import Text

@testable import Snoop

@Suite struct AnalysisTests {
    /// The analysis of each segment of a connection: sequence, data, acknowledgement, direction, milliseconds.
    private func analyse(_ segments: [(seq: UInt32, size: Int, ack: UInt32, isBack: Bool, time: Int64)])
        -> [TCPAnalysis]
    {
        var analysis = ConnectionAnalysis()
        return segments.compactMap { segment in
            let packet = TestPackets.tcp(
                segment.seq, [UInt8](repeating: 1, count: segment.size), acknowledging: segment.ack,
                isBack: segment.isBack)
            let layers = PacketLayers(packet.span.bytes, from: .link(1))
            return Segment(layers, packet.span.bytes).map { analysis.take($0, time: segment.time * 1_000_000) }
        }
    }

    @Test func retransmissionsAndTheirAcknowledgements() {
        let results = analyse([
            (100, 50, 900, false, 0), (150, 50, 900, false, 1), (100, 50, 900, false, 300), (900, 0, 200, true, 310),
            (200, 10, 900, false, 320), (900, 0, 210, true, 345),
        ])
        #expect(results[2].flags == .retransmission && results[0].flags == [] && results[1].flags == [])
        // The time of data that were sent twice is not known.
        #expect(results[3].roundTrip == 309_000 || results[3].roundTrip == nil)
        #expect(results[5].roundTrip == 25_000)
        #expect(results[4].bytesInFlight == 10)
    }

    @Test func overtakenSegmentsGapsAndDuplicates() {
        let results = analyse([
            (100, 50, 900, false, 0), (900, 0, 150, true, 1), (200, 50, 900, false, 2), (150, 50, 900, false, 3),
            (900, 0, 150, true, 4), (900, 0, 150, true, 5), (900, 0, 250, true, 6), (900, 0, 250, true, 7),
        ])
        #expect(results[2].flags == .gap)
        #expect(results[3].flags == .outOfOrder)
        #expect(results[4].flags == .duplicateAcknowledgement && results[4].duplicates == 1)
        #expect(results[5].duplicates == 2)
        #expect(results[6].flags == [] && results[7].flags == [])
        #expect(results[2].bytesInFlight == 100)
    }

    @Test func fieldsAreReadFromTheLayer() {
        var dissection = Dissection(analyses: true)
        let packets = [
            TestPackets.tcp(100, [1, 2, 3], acknowledging: 5), TestPackets.tcp(5, [], acknowledging: 103, isBack: true),
            TestPackets.tcp(100, [1, 2, 3], acknowledging: 5, window: 0),
        ]
        var found: [String] = []
        for (index, packet) in packets.enumerated() {
            dissection.take(
                packet.span.bytes, from: .link(1), wireLength: packet.count, time: Int64(index) * 40_000_000)
            let bytes = dissection.bytes(of: packet.span.bytes)
            var line = TextLine()
            for layer in dissection.layers.layers where layer.kind.name == "tcp.analysis" {
                line.append(layer, of: bytes.decoded)
            }
            found.append(line.text)
        }
        #expect(
            found == [
                "tcp.analysis: flags 0x00", "tcp.analysis: flags 0x00 rtt 40000",
                "tcp.analysis: flags 0x09 retransmission|zerowindow bytesinflight 0",
            ])
    }

    /// A million connections take no more memory than the last 65,536.
    @Test func connectionsAreForgotten() {
        var analysis = ConnectionAnalysis()
        var packet = TestPackets.tcp(1, [])
        for client in 0..<200_000 {
            packet[28] = UInt8(truncatingIfNeeded: client >> 16)
            packet[34] = UInt8(truncatingIfNeeded: client >> 8)
            packet[35] = UInt8(truncatingIfNeeded: client)
            let layers = PacketLayers(packet.span.bytes, from: .link(1))
            if let segment = Segment(layers, packet.span.bytes) { _ = analysis.take(segment, time: 0) }
        }
        #expect(analysis.count == 1 << 16)
    }

    @Test func streamsAreFollowed() {
        var text = StreamText()
        var buffer = ByteBuffer()
        let packets: [([UInt8], Bool)] = [
            (TestPackets.tcp(1, Array("other\n".utf8), port: 80, client: 6000), false),
            (TestPackets.tcp(100, Array("GET / ".utf8), port: 80), true),
            (TestPackets.tcp(106 + 5, Array("\r\n\r\n".utf8), port: 80), true),
            (TestPackets.tcp(106, Array("HTTP1".utf8), port: 80), true),
            (TestPackets.tcp(500, Array("200 \u{1b}\n".utf8), port: 80, isBack: true), false),
            (TestPackets.tcp(600, Array("later".utf8), port: 80, isBack: true), false),
            (TestPackets.tcp(7, Array("other\n".utf8), port: 80, client: 6000), true),
        ]
        for (packet, matches) in packets {
            let layers = PacketLayers(packet.span.bytes, from: .link(1))
            text.append(layers, packet.span.bytes, matches: matches, to: &buffer)
        }
        text.finish(to: &buffer)
        #expect(
            buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } == """
                --- 10.0.0.1:5000 > 10.0.0.2:80
                GET / HTTP1

                --- 10.0.0.2:80 > 10.0.0.1:5000
                200 .

                [94 bytes are missing]
                later

                """)
    }
}
