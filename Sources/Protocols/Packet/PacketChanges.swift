/// The differences between two states of a packet, in the headers that say whose it is and where it goes.
public struct PacketChanges: OptionSet, Sendable, Equatable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let sourceMAC = PacketChanges(rawValue: 1 << 0)
    public static let destinationMAC = PacketChanges(rawValue: 1 << 1)
    public static let vlan = PacketChanges(rawValue: 1 << 2)
    /// The L3 protocol, the one above it, or whether there is a packet inside.
    public static let protocols = PacketChanges(rawValue: 1 << 3)
    public static let source = PacketChanges(rawValue: 1 << 4)
    public static let destination = PacketChanges(rawValue: 1 << 5)
    public static let sourcePort = PacketChanges(rawValue: 1 << 6)
    public static let destinationPort = PacketChanges(rawValue: 1 << 7)

    /// Only what both states show is compared: a header that was not captured has not changed.
    public init(from before: borrowing Packet, to after: borrowing Packet) {
        self = []
        if let old = before.ethernet, let new = after.ethernet {
            if old.source != new.source { insert(.sourceMAC) }
            if old.destination != new.destination { insert(.destinationMAC) }
        }
        if before.vlanTags != after.vlanTags { insert(.vlan) }
        let old = before.headers
        let new = after.headers
        let held = before.inner != nil
        let holds = after.inner != nil
        if old.etherType != new.etherType || old.proto != new.proto || held != holds { insert(.protocols) }
        switch (old.network, new.network) {
        case (.ipv4(let old), .ipv4(let new)):
            if old.source != new.source { insert(.source) }
            if old.destination != new.destination { insert(.destination) }
        case (.ipv6(let old), .ipv6(let new)):
            if old.source != new.source { insert(.source) }
            if old.destination != new.destination { insert(.destination) }
        default: break
        }
        if let old = old.ports, let new = new.ports {
            if old.source != new.source { insert(.sourcePort) }
            if old.destination != new.destination { insert(.destinationPort) }
        }
    }
}

extension Headers {
    /// The ports of TCP, UDP and SCTP.
    @inlinable @inline(__always)
    public var ports: Ports? {
        switch transport {
        case .tcp(let header): header.ports
        case .udp(let header): header.ports
        case .sctp(let header): header.ports
        case .icmp, .igmp, .gre, .esp, .none: nil
        }
    }
}
