import Analysis
public import Events
public import Protocols

/// Kinds of packets that even a network without faults loses in functions where other packets are dropped.
public struct PacketKind: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Sent to a broadcast or multicast address: every machine receives it, whether it wants it or not.
    public static let group = PacketKind(rawValue: 1 << 0)
    /// A reply to a ping: programs receive copies, and the kernel frees the original.
    public static let echoReply = PacketKind(rawValue: 1 << 1)
    /// DHCP: until they have an address, programs send and receive it outside of the IP stack.
    public static let dhcp = PacketKind(rawValue: 1 << 2)
    /// Sent by kernels on their own, repeatedly: group memberships, router solicitations and address checks.
    public static let announcement = PacketKind(rawValue: 1 << 3)
    /// In a frame for another machine: only the kernel can decide that.
    public static let otherHost = PacketKind(rawValue: 1 << 4)

    /// A TCP segment with no flag but ACK and no data, as keep-alive probes are: without data none can be lost.
    public static let emptyAck = PacketKind(rawValue: 1 << 5)
    /// For an IP multicast group, regardless of the address of the frame.
    public static let multicast = PacketKind(rawValue: 1 << 6)

    /// Names in tracers.json, with words for explanations.
    static let named: [(name: String, kind: PacketKind, words: String)] = [
        ("group", .group, "broadcasts and multicasts"), ("echo-reply", .echoReply, "replies to pings"),
        ("dhcp", .dhcp, "DHCP"), ("announcement", .announcement, "MLD, IGMP, router solicitations, address checks"),
        ("other-host", .otherHost, "frames for other machines"),
        ("empty-ack", .emptyAck, "TCP acknowledgements without data"), ("multicast", .multicast, "IP multicasts"),
    ]

    /// Names of all its kinds for explanations.
    public var words: String {
        Self.named.filter { contains($0.kind) }.map(\.words).joined(separator: ", ")
    }

    init?(named name: String) {
        guard let kind = Self.named.first(where: { $0.name == name })?.kind else { return nil }
        self = kind
    }

    /// All kinds of a dropped packet: those that its bytes show, and those that the kernel reports.
    public init(of drop: EventView) {
        self = Packet(drop).map { PacketKind($0) } ?? []
        if drop.flags.contains(.group) { insert(.group) }
        if drop.flags.contains(.otherHost) { insert(.otherHost) }
    }

    /// All kinds of the packet that its bytes show.
    public init(_ packet: borrowing Packet) {
        self = []
        if Self.isMulticast(packet.headers.network) { insert([.group, .multicast]) }
        if Self.isBroadcast(packet) { insert(.group) }
        switch packet.headers.transport {
        case .icmp(let header):
            if header.type == (header.isV6 ? 129 : 0) { insert(.echoReply) }
            if header.isV6, Self.isAnnouncement(header.type, packet.headers.network) { insert(.announcement) }
        case .igmp: insert(.announcement)
        case .tcp(let header):
            if header.flags == .ack, header.dataLength == 0 { insert(.emptyAck) }
        case .udp(let header):
            let ports = [header.ports.source, header.ports.destination]
            if ports == [67, 68] || ports == [68, 67] { insert(.dhcp) }
        default: break
        }
    }

    /// 224.0.0.0/4 or ff00::/8.
    private static func isMulticast(_ network: Headers.Network) -> Bool {
        switch network {
        case .ipv4(let header): header.destination.bits >> 28 == 0xe
        case .ipv6(let header): header.destination.high >> 56 == 0xff
        default: false
        }
    }

    /// For the limited broadcast address, or in a frame for several machines.
    private static func isBroadcast(_ packet: borrowing Packet) -> Bool {
        if case .ipv4(let header) = packet.headers.network, header.destination.bits == .max { return true }
        return packet.ethernet.map { $0.destination.bits >> 40 & 1 == 1 } ?? false
    }

    /// Multicast listener messages, router solicitations, and neighbour messages to all nodes or from a machine without an
    /// address (RFC 2710, 3810, 4861, 4862).
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
