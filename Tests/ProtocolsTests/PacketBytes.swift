@testable import Protocols

/// Hand-built headers: each function makes one header, and a packet is their concatenation.
enum PacketBytes {
    static func ethernet(_ type: UInt16) -> [UInt8] {
        [
            0x02, 0, 0, 0, 0, 0x01,  // destination
            0x02, 0, 0, 0, 0, 0x02,  // source
        ] + be(type)
    }

    /// 10.0.0.1 -> 10.0.0.2, with `payload` bytes of payload in the length field.
    static func ipv4(
        _ proto: UInt8, payload: Int, options: [UInt8] = [], id: UInt16 = 0x1234, fragment: UInt16 = 0
    ) -> [UInt8] {
        let length = 20 + options.count
        return [UInt8(0x40 | length / 4), 0]  // version and header length, TOS
            + be(UInt16(length + payload)) + be(id) + be(fragment)
            + [64, proto, 0, 0]  // TTL, protocol, checksum
            + [10, 0, 0, 1] + [10, 0, 0, 2] + options
    }

    /// fe80::1 -> fe80::2.
    static func ipv6(_ next: UInt8, payload: Int) -> [UInt8] {
        [0x60, 0, 0, 0]  // version, traffic class, flow label
            + be(UInt16(payload)) + [next, 64]  // next header, hop limit
            + [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
            + [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    }

    /// 443 -> 51234, no options.
    static func tcp(_ flags: UInt8) -> [UInt8] {
        be(UInt16(443)) + be(UInt16(51234))
            + [0, 0, 0, 1] + [0, 0, 0, 2]  // sequence, acknowledgement
            + [0x50, flags] + be(UInt16(512))  // header length, flags, window
            + [0, 0, 0, 0]  // checksum, urgent pointer
    }

    static func udp(_ destination: UInt16, length: UInt16) -> [UInt8] {
        be(UInt16(5000)) + be(destination) + be(length) + [0, 0]
    }

    static func vxlan(_ vni: UInt32) -> [UInt8] {
        [0x08, 0, 0, 0] + be(vni << 8)
    }

    static func be(_ value: UInt16) -> [UInt8] {
        [UInt8(value >> 8), UInt8(value & 0xff)]
    }

    static func be(_ value: UInt32) -> [UInt8] {
        be(UInt16(value >> 16)) + be(UInt16(value & 0xffff))
    }
}

/// Decodes bytes that start at L3.
func decode(
    l3 bytes: [UInt8], _ etherType: UInt16 = EtherType.ipv4, length: Int? = nil
) -> Packet {
    Packet(
        decoding: bytes.span.bytes,
        layout: PacketLayout(startsAtLink: false, networkOffset: 0, etherType: etherType, length: length))
}

/// Decodes bytes that start with an Ethernet header.
func decode(frame bytes: [UInt8], tag: VLANTag? = nil) -> Packet {
    let etherType = bytes.count < 14 ? 0 : UInt16(bytes[12]) << 8 | UInt16(bytes[13])
    return Packet(
        decoding: bytes.span.bytes,
        layout: PacketLayout(startsAtLink: true, networkOffset: 14, etherType: etherType, vlanTag: tag))
}

extension Headers {
    var ipv4: IPv4Header? {
        if case .ipv4(let header) = network { header } else { nil }
    }

    var ipv6: IPv6Header? {
        if case .ipv6(let header) = network { header } else { nil }
    }

    var arp: ARPHeader? {
        if case .arp(let header) = network { header } else { nil }
    }

    var tcp: TCPHeader? {
        if case .tcp(let header) = transport { header } else { nil }
    }

    var udp: UDPHeader? {
        if case .udp(let header) = transport { header } else { nil }
    }

    var icmp: ICMPHeader? {
        if case .icmp(let header) = transport { header } else { nil }
    }

    var sctp: SCTPHeader? {
        if case .sctp(let header) = transport { header } else { nil }
    }
}
