public import PacketDecoding

/// Kinds of packets that a network without faults loses at places where others are dropped.
public struct PacketKind: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// To a broadcast or multicast address, which every machine hears, whether it asked for it or not.
    public static let group = PacketKind(rawValue: 1 << 0)
    /// Of the replies to a ping programs take copies; what is left has no other use.
    public static let echoReply = PacketKind(rawValue: 1 << 1)
    /// Before they have an address programs read and write DHCP beside the IP stack.
    public static let dhcp = PacketKind(rawValue: 1 << 2)
    /// Sent by kernels of their own accord, again and again: group memberships, router solicitations, and whether an address
    /// is free.
    public static let announcement = PacketKind(rawValue: 1 << 3)
    /// In a frame for another machine. Only the kernel can tell.
    public static let otherHost = PacketKind(rawValue: 1 << 4)

    /// By the names that tracers.json has for them, and in words.
    static let named: [(name: String, kind: PacketKind, words: String)] = [
        ("group", .group, "broadcasts and multicasts"), ("echo-reply", .echoReply, "replies to pings"),
        ("dhcp", .dhcp, "DHCP"), ("announcement", .announcement, "MLD, IGMP, router solicitations, address checks"),
        ("other-host", .otherHost, "frames for other machines"),
    ]

    /// For explanations.
    public var words: String {
        Self.named.filter { contains($0.kind) }.map(\.words).joined(separator: ", ")
    }

    init?(named name: String) {
        guard let kind = Self.named.first(where: { $0.name == name })?.kind else { return nil }
        self = kind
    }

    /// All kinds that the packet is of, but for what its bytes do not show.
    public init(_ packet: borrowing Packet) {
        self = []
        if Self.isForGroup(packet) { insert(.group) }
        switch packet.headers.transport {
        case .icmp(let header):
            if header.type == (header.isV6 ? 129 : 0) { insert(.echoReply) }
            if header.isV6, Self.isAnnouncement(header.type, packet.headers.network) { insert(.announcement) }
        case .igmp: insert(.announcement)
        case .udp(let header):
            let ports = [header.ports.source, header.ports.destination]
            if ports == [67, 68] || ports == [68, 67] { insert(.dhcp) }
        default: break
        }
    }

    private static func isForGroup(_ packet: borrowing Packet) -> Bool {
        switch packet.headers.network {
        case .ipv4(let header):
            // 224.0.0.0/4, and the broadcast of the link.
            if header.destination.bits >> 28 == 0xe || header.destination.bits == .max { return true }
        case .ipv6(let header):
            if header.destination.high >> 56 == 0xff { return true }
        default: break
        }
        return packet.ethernet.map { $0.destination.bits >> 40 & 1 == 1 } ?? false
    }

    /// Multicast listener messages, router solicitations, and neighbour messages to all or from a machine that has no address
    /// yet (RFC 2710, 3810, 4861, 4862).
    private static func isAnnouncement(_ type: UInt8, _ network: Headers.Network) -> Bool {
        guard case .ipv6(let header) = network else { return false }
        return switch type {
        case 130...133, 143: true
        case 135: header.source.high == 0 && header.source.low == 0
        case 136: header.destination.high >> 56 == 0xff
        default: false
        }
    }
}
