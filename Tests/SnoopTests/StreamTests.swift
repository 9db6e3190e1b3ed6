import CaptureFiles
import Protocols
import Testing
import Text

@testable import Snoop

@Suite struct StreamTests {
    /// The names of the layers of each packet, and the name that its hello asks for.
    private func take(_ packets: [[UInt8]], _ dissection: inout Dissection) -> [String] {
        packets.map { packet in
            dissection.take(packet.span.bytes, from: .link(1), wireLength: packet.count, time: 0)
            let bytes = dissection.bytes(of: packet.span.bytes)
            let layers = dissection.layers
            func text(_ field: String) -> String {
                guard let layer = layers.first("tls"), case .bytes(let range) = layers.read(field, in: bytes.decoded)
                else { return "-" }
                let header = PacketLayers.header(of: layer, in: bytes.decoded)
                return String(decoding: range.map { header.u8($0) ?? 0 }, as: UTF8.self)
            }
            return layers.layers.map(\.kind.name).joined(separator: " ") + " " + text("tls.sni") + " "
                + text("tls.alpn")
        }
    }

    private static let whole = "ether ip tcp tls www.example.com h2"
    private static let plain = "ether ip tcp - -"

    @Test func aHelloInTwoSegmentsShowsItsNames() {
        let hello = TestPackets.hello()
        #expect(hello.count >= 1600)
        let parts = [Array(hello[..<1400]), Array(hello[1400...])]
        let first = TestPackets.tcp(1000, parts[0])
        let second = TestPackets.tcp(2400, parts[1])
        let opening = TestPackets.tcp(999, [], flags: 2)
        for packets in [[first, second], [opening, first, second]] {
            var dissection = Dissection()
            let shown = take(packets, &dissection)
            #expect(shown.last == Self.whole)
            #expect(shown.dropLast().last == "ether ip tcp tls - -")
            #expect(dissection.waitingSize == 0)
        }
        // The second segment first, with and without the beginning of the connection.
        for packets in [[second, first], [opening, second, first]] {
            var dissection = Dissection()
            let shown = take(packets, &dissection)
            #expect(shown.last == Self.whole)
            #expect(shown.dropLast().last == Self.plain)
            #expect(dissection.waitingSize == 0)
        }
    }

    @Test func repeatedAndOverlappingSegmentsCountOnce() {
        let hello = TestPackets.hello()
        func part(_ range: Range<Int>) -> [UInt8] {
            TestPackets.tcp(1000 &+ UInt32(range.lowerBound), Array(hello[range]))
        }
        var dissection = Dissection()
        let ends = [0..<700, 0..<700, 1200..<hello.count, 1000..<1300, 600..<1100]
        #expect(take(ends.map(part), &dissection).last == Self.whole)
        // Numbers that wrap.
        var wrapping = Dissection()
        let start = UInt32.max - 800
        let packets = [
            TestPackets.tcp(start, Array(hello[..<1400])), TestPackets.tcp(start &+ 1400, Array(hello[1400...])),
        ]
        #expect(take(packets, &wrapping).last == Self.whole)
    }

    @Test func theSegmentOfAnotherConnectionIsNotMixedIn() {
        let hello = TestPackets.hello()
        var dissection = Dissection()
        let shown = take(
            [
                TestPackets.tcp(1000, Array(hello[..<1400])),
                TestPackets.tcp(2400, Array(hello[1400...]), client: 5001),
                TestPackets.tcp(2400, Array(hello[1400...])),
            ], &dissection)
        #expect(shown[1] == Self.plain && shown[2] == Self.whole)
    }

    /// A stream that never completes its message is given up at its limit, and all streams together at theirs.
    @Test func memoryIsBounded() {
        var dissection = Dissection()
        let part = Array(TestPackets.hello(size: 16000)[..<1400])
        for client in 0..<20_000 {
            let packets = [
                TestPackets.tcp(0, part, client: 1024 + client),
                TestPackets.tcp(3000, part, client: 1024 + client),
            ]
            _ = take(packets, &dissection)
            #expect(dissection.waitingSize <= MessageAssembly.totalLimit)
        }
        var one = Dissection()
        _ = take([TestPackets.tcp(0, part)], &one)
        for index in 1..<2000 {
            _ = take([TestPackets.tcp(UInt32(1400 * index + 10), part)], &one)
            #expect(one.waitingSize <= MessageAssembly.streamLimit + 1400)
        }
        // Fragments of which the last one never comes.
        var fragments = Dissection()
        for id in 0..<30_000 {
            _ = take([TestPackets.ipv4(17, part + part + part + part, id: id & 0xffff, fragment: 0x2000)], &fragments)
            #expect(fragments.waitingSize <= FragmentAssembly.totalLimit)
        }
        #expect(fragments.waitingSize > FragmentAssembly.totalLimit / 2)
    }

    @Test func fragmentsAreJoined() {
        let query: [UInt8] = [
            0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 0x77, 0x77, 0x77, 7, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65,
            3,
            0x63, 0x6f, 0x6d, 0, 0, 1, 0, 1,
        ]
        let datagram = TestPackets.udp(query)
        let first = TestPackets.ipv4(17, Array(datagram[..<16]), fragment: 0x2000)
        let second = TestPackets.ipv4(17, Array(datagram[16..<32]), fragment: 0x2002)
        let third = TestPackets.ipv4(17, Array(datagram[32...]), fragment: 4)
        for packets in [[first, second, third], [third, second, first], [second, second, third, first]] {
            var dissection = Dissection()
            #expect(take(packets, &dissection).last == "ether ip udp dns - -")
            #expect(dissection.waitingSize == 0)
        }
        // A fragment that overlaps another one ends the packet, as in Linux.
        var dissection = Dissection()
        let overlapping = TestPackets.ipv4(17, Array(datagram[8..<32]), fragment: 0x2001)
        #expect(take([first, overlapping, second, third], &dissection).last == "ether ip - -")
    }

    @Test func assignmentsDecodePorts() throws {
        let request = TestPackets.tcp(1, Array("GET /x HTTP/1.1\r\n\r\n".utf8), port: 8888)
        var plain = Dissection()
        #expect(take([request], &plain) == [Self.plain])
        var assignments = PortAssignments()
        try assignments.add("tcp.8888=http")
        var dissection = Dissection(assignments)
        #expect(take([request], &dissection) == ["ether ip tcp http - -"])
        // Contents decide all the same.
        #expect(take([TestPackets.tcp(100, [1, 2, 3], port: 8888)], &dissection) == [Self.plain])
        for wrong in [
            "8888=http", "tcp.8888", "tcp.x=http", "tcp.8888=nosuch", "tcp.8888=ip", "sctp.1=http", "tcp.0=http",
        ] {
            #expect(throws: PortAssignments.InvalidAssignment.self, "\(wrong)") { try assignments.add(wrong) }
        }
    }

    @Test func joinedMessagesAreShownAsText() {
        let hello = TestPackets.hello()
        var dissection = Dissection()
        _ = take([TestPackets.tcp(1000, Array(hello[..<1400]))], &dissection)
        let packet = TestPackets.tcp(2400, Array(hello[1400...]))
        _ = take([packet], &dissection)
        var printer = PacketText(
            options {
                $0.dumpsData = true
                $0.detail = .all
            }, names: SystemNames())
        var buffer = ByteBuffer()
        printer.append(
            .init(packet.span.bytes, time: 0), bytes: dissection.bytes(of: packet.span.bytes), dissection.layers,
            number: 0, to: &buffer)
        let text = buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        #expect(text.contains("sni www.example.com"))
        // The dump has the bytes of this packet.
        #expect(text.contains("\n00054: ") && !text.contains("\n00400: "))
    }
}
