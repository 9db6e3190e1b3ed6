import Protocols

/// Places of the fields that have a layout of their own in reports, from the descriptions of their protocols.
enum HeaderPlaces {
    static let ethernetSource = bits("ether.src")
    static let ethernetDestination = bits("ether.dst")
    static let ethernetType = bits("ether.type")

    static let ipVersion = bits("ip.v")
    static let ipLengthOfHeader = bits("ip.hl")
    static let ipService = bits("ip.tos")
    static let ipLength = bits("ip.len")
    static let ipIdentification = bits("ip.id")
    static let ipDontFragment = bits("ip.df")
    static let ipMoreFragments = bits("ip.mf")
    static let ipOffset = bits("ip.off")
    static let ipTimeToLive = bits("ip.ttl")
    static let ipProtocol = bits("ip.p")
    static let ipChecksum = bits("ip.sum")
    static let ipSource = bits("ip.src")
    static let ipDestination = bits("ip.dst")

    static let ip6Class = bits("ip6.tclass")
    static let ip6Flow = bits("ip6.flow")
    static let ip6Length = bits("ip6.plen")
    static let ip6Next = bits("ip6.nxt")
    static let ip6HopLimit = bits("ip6.hlim")
    static let ip6Source = bits("ip6.src")
    static let ip6Destination = bits("ip6.dst")

    static let fragmentOffset = bits("ip6.frag.off")
    static let fragmentMore = bits("ip6.frag.m")

    static let tcpSource = bits("tcp.sport")
    static let tcpDestination = bits("tcp.dport")
    static let tcpSequence = bits("tcp.seq")
    static let tcpAcknowledgement = bits("tcp.ack")
    static let tcpOffset = bits("tcp.off")
    static let tcpFlags = bits("tcp.flags")
    static let tcpWindow = bits("tcp.win")
    static let tcpChecksum = bits("tcp.sum")
    static let tcpUrgent = bits("tcp.urp")

    static let udpSource = bits("udp.sport")
    static let udpDestination = bits("udp.dport")
    static let udpLength = bits("udp.len")
    static let udpChecksum = bits("udp.sum")

    static let icmpType = bits("icmp.type")
    static let icmpCode = bits("icmp.code")
    static let icmpChecksum = bits("icmp.sum")
    static let icmpIdentification = bits("icmp.id")
    static let icmpSequence = bits("icmp.seq")
    static let icmp6Checksum = bits("icmp6.sum")

    /// No bits, which read as 0, for a field that is not described or has no fixed place; a test reads each of them.
    private static func bits(_ name: String) -> ProtocolField.Bits {
        ProtocolTable.field(name)?.field.fixedBits ?? ProtocolField.Bits(0, 0)
    }
}

extension HeaderBytes {
    /// The number in these bits; 0 if they were not captured, which callers have excluded.
    @inline(__always)
    borrowing func number(_ place: ProtocolField.Bits) -> UInt64 {
        UInt64(truncatingIfNeeded: bits(place) ?? 0)
    }
}
