import Protocols
import Testing

@Suite struct TransportTests {
    @Test func tcpFields() {
        let tcp = decode(l3: PacketBytes.ipv4(6, payload: 20) + PacketBytes.tcp(0xc2)).headers.tcp
        #expect(tcp?.ports.source == 443)
        #expect(tcp?.ports.destination == 51234)
        #expect(tcp?.sequence == 1)
        #expect(tcp?.acknowledgement == 2)
        #expect(tcp?.window == 512)
        #expect(tcp?.flags == [.syn, .ece, .cwr])
        #expect(tcp?.dataLength == 0)
    }

    @Test func tcpKeepsWhatWasCaptured() {
        let bytes = PacketBytes.ipv4(6, payload: 20) + PacketBytes.tcp(0x02).prefix(9)
        let headers = decode(l3: bytes).headers
        #expect(headers.isTruncated)
        #expect(headers.tcp?.sequence == 1)
        #expect(headers.tcp?.acknowledgement == nil)
        #expect(headers.tcp?.flags == nil)
        #expect(headers.tcp?.window == nil)
    }

    @Test func tcpHeaderLengthThatLies() {
        var bytes = PacketBytes.ipv4(6, payload: 20) + PacketBytes.tcp(0x02)
        bytes[32] = 0xf0  // 60 bytes of header in 20 bytes of payload
        #expect(decode(l3: bytes).headers.tcp?.dataLength == nil)
        bytes[32] = 0x10  // 4 bytes of header
        #expect(decode(l3: bytes).headers.tcp?.dataLength == nil)
    }

    @Test func udpLengthThatLies() {
        let bytes = PacketBytes.ipv4(17, payload: 8) + PacketBytes.udp(53, length: 7)
        let headers = decode(l3: bytes).headers
        #expect(headers.udp?.ports.destination == 53)
        #expect(headers.udp?.dataLength == nil)
        #expect(!headers.isTruncated)
    }

    @Test func sctpFields() {
        let sctp: [UInt8] =
            PacketBytes.be(UInt16(5000)) + PacketBytes.be(UInt16(36412)) + PacketBytes.be(UInt32(0xdead_beef))
            + [0, 0, 0, 0] + [1, 0, 0, 20]  // checksum; INIT
        let header = decode(l3: PacketBytes.ipv4(132, payload: 36) + sctp).headers.sctp
        #expect(header?.ports.destination == 36412)
        #expect(header?.verificationTag == 0xdead_beef)
        #expect(header?.chunk == 1)
    }

    @Test func espAndIGMP() {
        let esp = decode(l3: PacketBytes.ipv4(50, payload: 8) + [0, 0, 1, 0, 0, 0, 0, 7]).headers
        guard case .esp(let header) = esp.transport else {
            Issue.record("ESP expected")
            return
        }
        #expect(header.spi == 0x100)
        #expect(header.sequence == 7)
        let igmp = decode(l3: PacketBytes.ipv4(2, payload: 8) + [0x16, 0, 0, 0, 224, 0, 0, 251]).headers
        guard case .igmp(let message) = igmp.transport else {
            Issue.record("IGMP expected")
            return
        }
        #expect(message.group == IPv4Address(bits: 0xe000_00fb))
        #expect(message.words?.description == "membership report v2")
    }

    @Test func unknownProtocolIsComplete() {
        let headers = decode(l3: PacketBytes.ipv4(200, payload: 0)).headers
        #expect(headers.proto == 200)
        #expect(headers.transport == .none)
        #expect(!headers.isTruncated)
    }
}

@Suite struct ICMPTests {
    private func v4(_ bytes: [UInt8]) -> Packet {
        decode(l3: PacketBytes.ipv4(1, payload: bytes.count) + bytes)
    }

    private func v6(_ bytes: [UInt8]) -> Packet {
        decode(l3: PacketBytes.ipv6(58, payload: bytes.count) + bytes, EtherType.ipv6)
    }

    @Test func echo() {
        let icmp = v4([8, 0, 0, 0, 0x12, 0x34, 0, 7]).headers.icmp
        #expect(icmp?.detail == .query(id: 0x1234, sequence: 7))
        #expect(icmp?.words?.description == "ping request")
        #expect(v6([129, 0, 0, 0, 0, 1, 0, 2]).headers.icmp?.words?.description == "ping reply")
    }

    @Test func fragmentationNeededQuotesTheOriginal() {
        let original = PacketBytes.ipv4(6, payload: 1480) + PacketBytes.tcp(0x10).prefix(8)
        let packet = v4([3, 4, 0, 0, 0, 0, 0x05, 0x78] + original)
        #expect(packet.headers.icmp?.detail == .mtu(1400))
        #expect(packet.headers.icmp?.words?.description == "fragmentation needed")
        #expect(packet.inner?.encapsulation == .icmpError)
        #expect(packet.inner?.headers.tcp?.ports.source == 443)
        #expect(packet.inner?.headers.tcp?.sequence == 1)
        // A router only has to quote eight bytes of transport header.
        #expect(packet.inner?.headers.isTruncated == false)
    }

    @Test func redirectAndParameterProblem() {
        #expect(v4([5, 1, 0, 0, 10, 0, 0, 254]).headers.icmp?.detail == .gateway(IPv4Address(bits: 0x0a00_00fe)))
        #expect(v4([12, 0, 0, 0, 20, 0, 0, 0]).headers.icmp?.detail == .pointer(20))
    }

    @Test func neighbourDiscovery() {
        let target: [UInt8] = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]
        let icmp = v6([135, 0, 0, 0, 0, 0, 0, 0] + target).headers.icmp
        #expect(icmp?.detail == .target(IPv6Address(high: 0xfe80_0000_0000_0000, low: 9)))
        #expect(icmp?.words?.description == "neighbour solicitation")
    }

    @Test func packetTooBig() {
        let original = PacketBytes.ipv6(17, payload: 1460) + PacketBytes.udp(53, length: 1460)
        let packet = v6([2, 0, 0, 0, 0, 0, 5, 0] + original)
        #expect(packet.headers.icmp?.detail == .mtu(1280))
        #expect(packet.inner?.headers.udp?.ports.destination == 53)
    }

    @Test func everyTypeAndCodeIsSafe() {
        for type in UInt8.min...UInt8.max {
            for code in [0, 1, 4, 15, 255] as [UInt8] {
                let bytes = [type, code] + [UInt8](repeating: 0, count: 22)
                #expect(v4(bytes).headers.icmp?.type == type)
                #expect(v6(bytes).headers.icmp?.code == code)
            }
        }
    }
}

@Suite struct TunnelTests {
    private static let innerPacket = PacketBytes.ipv4(6, payload: 20) + PacketBytes.tcp(0x02)

    @Test(arguments: [4789, 8472] as [UInt16])
    func vxlan(_ port: UInt16) {
        let inner = PacketBytes.ethernet(0x0800) + Self.innerPacket
        let packet = decode(
            l3: PacketBytes.ipv4(17, payload: 70) + PacketBytes.udp(port, length: 70) + PacketBytes.vxlan(42)
                + inner)
        #expect(packet.headers.udp?.ports.destination == port)
        #expect(packet.inner?.encapsulation == .vxlan(vni: 42))
        #expect(packet.inner?.ethernet?.etherType == 0x0800)
        #expect(packet.inner?.headers.tcp?.flags == .syn)
    }

    @Test func vxlanPortWithoutValidIdentifierIsPlainUDP() {
        let packet = decode(
            l3: PacketBytes.ipv4(17, payload: 16) + PacketBytes.udp(8472, length: 16) + [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(packet.inner == nil)
    }

    @Test func genevePortWithoutPacketTypeIsPlainUDP() {
        let packet = decode(
            l3: PacketBytes.ipv4(17, payload: 16) + PacketBytes.udp(6081, length: 16) + [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(packet.inner == nil)
        #expect(packet.headers.udp?.dataLength == 8)
    }

    @Test func geneveOptionsAreSkipped() {
        let geneve: [UInt8] = [0x01, 0, 0x65, 0x58, 0, 0, 7, 0] + [1, 2, 3, 4]
        let packet = decode(
            l3: PacketBytes.ipv4(17, payload: 74) + PacketBytes.udp(6081, length: 74) + geneve
                + PacketBytes.ethernet(0x0800) + Self.innerPacket)
        #expect(packet.inner?.encapsulation == .geneve(vni: 7))
        #expect(packet.inner?.headers.tcp != nil)
    }

    /// Types I, II and III, the last without and with a platform-specific subheader.
    @Test(
        arguments: [
            ([0, 0, 0x88, 0xbe], nil), ([0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 5, 0x02, 7, 0, 0, 0, 0], 519),
            ([0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 5, 0x00, 7, 0, 0, 0, 0, 0, 0, 0, 8], 7),
            ([0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 5, 0x00, 7, 0, 0, 0, 0, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9, 9, 9], 7),
        ] as [([UInt8], UInt16?)])
    func mirroredFrames(gre: [UInt8], session: UInt16?) {
        let frame: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0, 5, 8, 0]
        let packet = decode(l3: PacketBytes.ipv4(47, payload: 100) + gre + frame + Self.innerPacket)
        #expect(packet.inner?.encapsulation == .erspan(session: session))
        #expect(packet.inner?.vlanTags.first?.id == 5)
        #expect(packet.inner?.headers.proto != nil)
        #expect(packet.inner?.headers.isTruncated == false)
    }

    @Test(
        arguments: [
            [0x30, 255, 0, 0, 0, 0, 0, 9], [0x32, 255, 0, 0, 0, 0, 0, 9, 0, 1, 0, 0],
            [0x34, 255, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0, 9, 0x85, 2, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func packetsOfMobiles(gtp: [UInt8]) {
        let udp: [UInt8] = [0x08, 0x68, 0x08, 0x68, 0, 80, 0, 0]
        let packet = decode(l3: PacketBytes.ipv4(17, payload: 100) + udp + gtp + Self.innerPacket)
        #expect(packet.inner?.encapsulation == .gtp(teid: 9))
        #expect(packet.inner?.headers.proto != nil)
        // GTP signalling messages contain no packet.
        let echo = decode(
            l3: PacketBytes.ipv4(17, payload: 100) + udp + [0x32, 1] + gtp.dropFirst(2) + Self.innerPacket)
        #expect(echo.inner == nil)
    }

    @Test func greWithAllFields() {
        let gre: [UInt8] =
            [0xb0, 0, 0x08, 0]  // checksum, key, sequence; IPv4
            + [1, 2, 0, 0] + [0, 0, 0, 5] + [0, 0, 0, 6]
        let packet = decode(l3: PacketBytes.ipv4(47, payload: 56) + gre + Self.innerPacket)
        #expect(packet.inner?.encapsulation == .gre(key: 5))
        #expect(packet.inner?.headers.tcp != nil)
        guard case .gre(let header) = packet.headers.transport else {
            Issue.record("GRE expected")
            return
        }
        #expect(header.sequence == 6)
    }

    @Test func ipInIP() {
        let ipip = decode(l3: PacketBytes.ipv4(4, payload: 40) + Self.innerPacket)
        #expect(ipip.inner?.encapsulation == .ip)
        #expect(ipip.inner?.headers.tcp != nil)
        let sit = decode(l3: PacketBytes.ipv4(41, payload: 40) + PacketBytes.ipv6(59, payload: 0))
        #expect(sit.inner?.headers.ipv6?.proto == 59)
        let ip6 = decode(
            l3: PacketBytes.ipv6(4, payload: 40) + Self.innerPacket, EtherType.ipv6)
        #expect(ip6.inner?.headers.ipv4?.proto == 6)
    }

    @Test func onlyOneLevelIsKept() {
        let packet = decode(
            l3: PacketBytes.ipv4(4, payload: 60) + PacketBytes.ipv4(4, payload: 40) + Self.innerPacket)
        #expect(packet.inner?.headers.proto == 4)
        #expect(packet.inner?.headers.transport == Headers.Transport.none)
        #expect(packet.inner?.headers.isTruncated == false)
    }

    @Test func tunnelWithNothingCapturedInside() {
        let packet = decode(
            l3: PacketBytes.ipv4(17, payload: 70) + PacketBytes.udp(4789, length: 70) + PacketBytes.vxlan(42))
        #expect(packet.inner?.encapsulation == .vxlan(vni: 42))
        #expect(packet.inner?.headers.isTruncated == true)
    }
}
