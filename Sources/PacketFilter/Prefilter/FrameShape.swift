import Protocols

/// A form of Ethernet frames in which the headers have fixed places: IPv4 without options and fragments, IPv6 without
/// extension headers, ARP. Frames of all other forms are not decided on.
struct FrameShape {
    /// Protocols and the offsets of their headers, the outermost first.
    let headers: [(name: String, offset: Int)]
    /// The length first: a load beyond the end of the packet ends the program.
    let tests: [PrefilterTest]
    /// Protocols whose fields are not decided on: bytes may contradict the number that announces them.
    let unproven: Set<String>

    /// Protocols that a frame of one of these shapes has at most once outside of tunnels, and only where `headers` say.
    static let exclusive: Set<String> = ["ether", "vlan", "arp", "ip", "ip6", "tcp", "udp", "icmp", "icmp6", "igmp"]

    static let all: [FrameShape] =
        [("tcp", IPProtocol.tcp, 20), ("udp", IPProtocol.udp, 8), ("icmp", IPProtocol.icmp, 8)].map(ipv4)
        + [("tcp", IPProtocol.tcp, 20), ("udp", IPProtocol.udp, 8), ("icmp6", IPProtocol.icmpv6, 8)].map(ipv6) + [arp]

    private static let etherType = 12
    private static let network = 14

    private static func ipv4(_ name: String, _ number: UInt8, _ size: Int) -> FrameShape {
        let transport = network + 20
        return FrameShape(
            headers: [("ether", 0), ("ip", network), (name, transport)],
            tests: [
                longer(transport + size), equal(etherType, 2, UInt32(EtherType.ipv4)), equal(network, 1, 0x45),
                // Neither more fragments nor an offset.
                PrefilterTest(
                    source: .packet(network + 6, 2), condition: .anyBitSet, value: 0x3fff, isInverted: true),
                equal(network + 9, 1, UInt32(number)), atLeast(network + 2, 2, UInt32(20 + size)),
            ] + (name == "udp" ? [isNotEmpty(transport)] : []), unproven: name == "udp" || name == "tcp" ? [] : [name])
    }

    private static func ipv6(_ name: String, _ number: UInt8, _ size: Int) -> FrameShape {
        let transport = network + 40
        return FrameShape(
            headers: [("ether", 0), ("ip6", network), (name, transport)],
            tests: [
                longer(transport + size), equal(etherType, 2, UInt32(EtherType.ipv6)),
                PrefilterTest(source: .packet(network, 1), shift: 4, condition: .equal, value: 6),
                equal(network + 6, 1, UInt32(number)), atLeast(network + 4, 2, UInt32(size)),
            ] + (name == "udp" ? [isNotEmpty(transport)] : []), unproven: name == "udp" || name == "tcp" ? [] : [name])
    }

    private static var arp: FrameShape {
        FrameShape(
            headers: [("ether", 0), ("arp", network)],
            tests: [longer(network + 28), equal(etherType, 2, UInt32(EtherType.arp))], unproven: ["arp"])
    }

    private static func equal(_ offset: Int, _ size: Int, _ value: UInt32) -> PrefilterTest {
        PrefilterTest(source: .packet(offset, size), condition: .equal, value: value)
    }

    private static func atLeast(_ offset: Int, _ size: Int, _ value: UInt32) -> PrefilterTest {
        PrefilterTest(source: .packet(offset, size), condition: .greaterOrEqual, value: value)
    }

    private static func longer(_ length: Int) -> PrefilterTest {
        PrefilterTest(source: .length, condition: .greaterOrEqual, value: UInt32(length))
    }

    /// UDP's ports are not both zero: such bytes may be no header at all.
    private static func isNotEmpty(_ offset: Int) -> PrefilterTest {
        PrefilterTest(source: .packet(offset, 4), condition: .equal, value: 0, isInverted: true)
    }
}
