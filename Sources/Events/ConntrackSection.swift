import CNettraceBPF

/// Connection tracking's view of the packet (`struct nt_ct`, BPF/include/nettrace_ct.h).
public struct ConntrackSection: Sendable, Equatable {
    /// Address of the entry (`struct nf_conn`); nil: the packet has none.
    public let address: UInt64?
    /// `enum ip_conntrack_info`, include/uapi/linux/netfilter/nf_conntrack_common.h.
    public let info: UInt8
    /// The entry; nil: there is none, or its layout is not known.
    public let connection: TrackedConnection?

    init(_ section: nt_ct) {
        address = section.address == 0 ? nil : section.address
        info = section.info & ~UInt8(NT_CT_READ)
        connection = section.info & UInt8(NT_CT_READ) == 0 ? nil : TrackedConnection(section)
    }
}

/// An entry of connection tracking.
public struct TrackedConnection: Sendable, Equatable {
    /// `enum ip_conntrack_status`: IPS_.
    public let status: UInt32
    public let mark: UInt32
    public let zone: UInt16
    /// In which directions the zone counts: bit 0 the original one, bit 1 the reply's.
    public let zoneDirections: UInt8
    /// AF_; 0: a template, which has no addresses.
    public let family: UInt16
    /// IPPROTO_.
    public let transport: UInt8
    /// Of TCP (6) and SCTP (132): `enum tcp_conntrack`, `enum sctp_conntrack`.
    public let state: UInt8
    /// As the first packet was sent.
    public let original: Direction
    /// As answers are expected: NAT makes them differ from the original's mirror image.
    public let reply: Direction

    /// Source and destination.
    public struct Direction: Sendable, Equatable {
        public let source: NetworkAddress
        public let destination: NetworkAddress
        /// Of ICMP the id.
        public let sourcePort: UInt16
        /// Of ICMP the type in the upper byte, the code in the lower one.
        public let destinationPort: UInt16

        init(_ tuple: nt_tuple) {
            source = withUnsafeBytes(of: tuple.source) { NetworkAddress(network: $0) }
            destination = withUnsafeBytes(of: tuple.destination) { NetworkAddress(network: $0) }
            sourcePort = UInt16(bigEndian: tuple.source_port)
            destinationPort = UInt16(bigEndian: tuple.destination_port)
        }
    }

    init(_ section: nt_ct) {
        status = section.status
        mark = section.mark
        zone = section.zone
        zoneDirections = section.zone_directions
        family = section.original.family
        transport = section.original.protocol
        state = transport == 132 ? section.sctp_state : section.tcp_state
        original = Direction(section.original)
        reply = Direction(section.reply)
    }
}

extension EventView {
    /// Connection tracking's view of the packet; nil if the record has no such section, or the event no packet.
    public var conntrack: ConntrackSection? {
        guard skb != 0, let offset = sections.conntrack, let section = bytes.load(nt_ct.self, at: offset) else {
            return nil
        }
        return ConntrackSection(section)
    }
}
