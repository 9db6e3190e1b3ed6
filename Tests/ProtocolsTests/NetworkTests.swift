import Protocols
import Testing

@Suite struct LinkTests {
    @Test func ethernetAddresses() {
        let packet = decode(frame: PacketBytes.ethernet(0x88cc))
        #expect(packet.ethernet?.source == MACAddress(bits: 0x0200_0000_0002))
        #expect(packet.ethernet?.destination == MACAddress(bits: 0x0200_0000_0001))
        #expect(packet.headers.etherType == 0x88cc)
        #expect(packet.headers.network == .none)
        #expect(!packet.headers.isTruncated)
    }

    @Test func tagsOutsideAndInside() {
        // 802.1ad service tag 200 in the skb, customer tag 100 with priority 3 in the packet.
        let bytes =
            PacketBytes.ethernet(0x8100) + PacketBytes.be(UInt16(0x6064)) + PacketBytes.be(UInt16(0x0800))
            + PacketBytes.ipv4(6, payload: 20) + PacketBytes.tcp(0x02)
        let packet = decode(frame: bytes, tag: VLANTag(etherType: 0x88a8, tci: 200))
        #expect(packet.vlanTags.first == VLANTag(etherType: 0x88a8, tci: 200))
        #expect(packet.vlanTags.second?.id == 100)
        #expect(packet.vlanTags.second?.priority == 3)
        #expect(packet.vlanTags.second?.dropEligible == false)
        #expect(packet.vlanTags.third == nil)
        #expect(packet.headers.tcp?.flags == .syn)
    }

    @Test func fourTagsAreSkipped() {
        let tag = PacketBytes.be(UInt16(1)) + PacketBytes.be(UInt16(0x8100))
        let last = PacketBytes.be(UInt16(4)) + PacketBytes.be(UInt16(0x0800))
        let packet = decode(
            frame: PacketBytes.ethernet(0x88a8) + tag + tag + tag + last + PacketBytes.ipv4(89, payload: 0))
        #expect(packet.vlanTags.third?.id == 1)
        #expect(packet.headers.proto == 89)
    }

    /// On transmission the protocol may still be 802.1Q although the network header already points after the tag.
    @Test func vlanTypeWithoutLinkHeader() {
        let behind = decode(l3: PacketBytes.ipv4(17, payload: 8) + PacketBytes.udp(53, length: 8), 0x8100)
        #expect(behind.headers.udp?.ports.destination == 53)
        #expect(behind.vlanTags.isEmpty)
        let before = decode(
            l3: PacketBytes.be(UInt16(7)) + PacketBytes.be(UInt16(0x86dd)) + PacketBytes.ipv6(59, payload: 0),
            0x8100)
        #expect(before.headers.ipv6?.proto == 59)
        #expect(before.vlanTags.first?.id == 7)
    }

    @Test func unsetProtocolIsGuessed() {
        #expect(decode(l3: PacketBytes.ipv4(1, payload: 0), 0).headers.ipv4?.proto == 1)
        #expect(decode(l3: PacketBytes.ipv6(59, payload: 0), 0).headers.ipv6?.proto == 59)
        #expect(decode(l3: [0x10, 0x20], 0).headers.etherType == 0)
    }

    @Test(arguments: [Int.min, -1, 1 << 20, Int.max])
    func wildNetworkOffset(_ offset: Int) {
        let bytes = PacketBytes.ipv4(6, payload: 20)
        let packet = Packet(
            decoding: bytes.span.bytes,
            layout: PacketLayout(startsAtLink: false, networkOffset: offset, etherType: 0x86dd))
        #expect(packet.headers.network == .none)
    }
}

@Suite struct ARPTests {
    private static let request: [UInt8] =
        [0, 1, 8, 0, 6, 4, 0, 1]  // Ethernet, IPv4, sizes, request
        + [2, 0, 0, 0, 0, 2, 10, 0, 0, 2] + [0, 0, 0, 0, 0, 0, 10, 0, 0, 1]

    @Test func request() {
        let arp = decode(l3: Self.request, EtherType.arp).headers.arp
        #expect(arp?.operation == 1)
        #expect(arp?.senderIP == IPv4Address(bits: 0x0a00_0002))
        #expect(arp?.targetIP == IPv4Address(bits: 0x0a00_0001))
        #expect(arp?.senderMAC == MACAddress(bits: 0x0200_0000_0002))
        #expect(arp?.isReverse == false)
    }

    @Test func otherAddressKindsHaveNoAddresses() {
        var bytes = Self.request
        bytes[4] = 8  // EUI-64 addresses
        let arp = decode(l3: bytes, EtherType.rarp).headers.arp
        #expect(arp?.operation == 1)
        #expect(arp?.senderIP == nil)
        #expect(arp?.isReverse == true)
    }

    @Test func cutTargetIsTruncated() {
        let packet = decode(l3: Array(Self.request.dropLast()), EtherType.arp)
        #expect(packet.headers.isTruncated)
        #expect(packet.headers.arp?.senderIP != nil)
        #expect(packet.headers.arp?.targetIP == nil)
    }
}

@Suite struct IPv4Tests {
    @Test func optionsAreSkipped() {
        let packet = decode(
            l3: PacketBytes.ipv4(6, payload: 25, options: [0x94, 4, 0, 0]) + PacketBytes.tcp(0x18))
        #expect(packet.headers.tcp?.ports.source == 443)
        #expect(packet.headers.tcp?.dataLength == 5)
        #expect(packet.headers.ipv4?.fragment == nil)
    }

    @Test func firstFragmentHasPorts() {
        let packet = decode(
            l3: PacketBytes.ipv4(17, payload: 1480, fragment: 0x2000) + PacketBytes.udp(53, length: 3000))
        #expect(packet.headers.fragment?.id == 0x1234)
        #expect(packet.headers.fragment?.more == true)
        #expect(packet.headers.fragment?.isLater == false)
        #expect(packet.headers.udp?.dataLength == 2992)
    }

    @Test func laterFragmentNeverHasPorts() {
        let packet = decode(
            l3: PacketBytes.ipv4(17, payload: 1480, fragment: 185) + PacketBytes.udp(53, length: 3000))
        #expect(packet.headers.fragment?.offset == 1480)
        #expect(packet.headers.fragment?.more == false)
        #expect(packet.headers.transport == .none)
        #expect(packet.headers.proto == 17)
        #expect(!packet.headers.isTruncated)
    }

    @Test func bigTCPTakesTheCallersLength() {
        var bytes = PacketBytes.ipv4(6, payload: 0) + PacketBytes.tcp(0x10)
        bytes[2] = 0
        bytes[3] = 0
        #expect(decode(l3: bytes, length: 185_000).headers.tcp?.dataLength == 184_960)
        #expect(decode(l3: bytes).headers.tcp?.dataLength == nil)
    }

    @Test func malformedIsNotTruncated() {
        var bytes = PacketBytes.ipv4(6, payload: 20)
        bytes[0] = 0x44  // a header of 16 bytes
        let packet = decode(l3: bytes)
        #expect(packet.headers.network == .none)
        #expect(!packet.headers.isTruncated)
    }

    @Test func authenticationHeaderIsPassed() {
        let ah: [UInt8] = [6, 4, 0, 0, 0, 0, 0, 9, 0, 0, 0, 3] + [UInt8](repeating: 0xaa, count: 12)
        let packet = decode(l3: PacketBytes.ipv4(51, payload: 44) + ah + PacketBytes.tcp(0x02))
        #expect(packet.headers.authentication?.spi == 9)
        #expect(packet.headers.authentication?.sequence == 3)
        #expect(packet.headers.proto == 6)
        #expect(packet.headers.tcp?.flags == .syn)
        #expect(packet.headers.tcp?.dataLength == 0)
    }

    @Test func headerLongerThanThePacket() {
        // The length field claims less than the header itself.
        var bytes = PacketBytes.ipv4(6, payload: 0) + PacketBytes.tcp(0x02)
        bytes[3] = 4
        #expect(decode(l3: bytes).headers.tcp?.dataLength == nil)
    }
}

@Suite struct IPv6Tests {
    @Test func extensionHeadersAreWalked() {
        let hopByHop: [UInt8] = [43, 0, 5, 2, 0, 0, 1, 0]  // router alert; next: routing
        let routing: [UInt8] = [60, 2, 0, 0] + [UInt8](repeating: 0, count: 20)  // next: destination options
        let options: [UInt8] = [51, 0, 1, 4, 0, 0, 0, 0]  // padding; next: authentication
        let authentication: [UInt8] = [6, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 12)
        let extensions = hopByHop + routing + options + authentication
        let packet = decode(
            l3: PacketBytes.ipv6(0, payload: extensions.count + 30) + extensions + PacketBytes.tcp(0x12),
            EtherType.ipv6)
        #expect(packet.headers.proto == 6)
        #expect(packet.headers.ipv6?.proto == 6)
        #expect(packet.headers.authentication?.spi == 0x100)
        #expect(packet.headers.tcp?.flags == [.syn, .ack])
        #expect(packet.headers.tcp?.dataLength == 10)
    }

    @Test func fragments() {
        let first: [UInt8] = [17, 0, 0, 1, 0, 0, 0, 42]  // offset 0, more
        let later: [UInt8] = [17, 0, 5, 0xa8, 0, 0, 0, 42]  // offset 1448, last
        let atomic: [UInt8] = [17, 0, 0, 0, 0, 0, 0, 42]
        let udp = PacketBytes.udp(53, length: 2000)
        let one = decode(l3: PacketBytes.ipv6(44, payload: 16) + first + udp, EtherType.ipv6).headers
        #expect(one.fragment?.more == true)
        #expect(one.fragment?.id == 42)
        #expect(one.udp?.ports.destination == 53)
        let two = decode(l3: PacketBytes.ipv6(44, payload: 16) + later + udp, EtherType.ipv6).headers
        #expect(two.fragment?.offset == 1448)
        #expect(two.transport == .none)
        let three = decode(l3: PacketBytes.ipv6(44, payload: 16) + atomic + udp, EtherType.ipv6).headers
        #expect(three.fragment == nil)
        #expect(three.udp != nil)
    }

    @Test func endlessExtensionHeadersEnd() {
        let options: [UInt8] = [60, 0, 1, 4, 0, 0, 0, 0]
        let chain = (0..<20).flatMap { _ in options }
        let packet = decode(l3: PacketBytes.ipv6(60, payload: 160) + chain, EtherType.ipv6)
        #expect(packet.headers.isTruncated)
        #expect(packet.headers.transport == .none)
    }
}
