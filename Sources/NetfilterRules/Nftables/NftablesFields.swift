import Protocols

/// The header fields of nft(8) and libnftables-json(5): nft's names for the fields of the protocols, and the notation of
/// their values.
enum NftablesFields {
    private typealias Names = [String: (field: String, kind: NftablesSymbols.Kind)]

    static func payload(protocol name: String, field: String) -> (field: Field, kind: NftablesSymbols.Kind)? {
        switch (name, field) {
        case ("ether", "type"): return (.etherType, .etherType)
        case ("ether", "saddr"), ("ether", "daddr"): return (.linkAddress(isSource: field == "saddr"), .ethernet)
        case ("th", "sport"), ("th", "dport"):
            guard var port = HeaderField("tcp." + field) else { return nil }
            port.requirement = .none
            return (.header(port), .number)
        default:
            guard let (known, kind) = names[name]?[field], let place = HeaderField(known) else { return nil }
            return (.header(place), kind)
        }
    }

    /// Raw payload expressions: `@nh,96,32`.
    static func raw(base: String, offset: Int64, length: Int64) -> Field? {
        let bases: [String: PacketBytes.Base] = ["nh": .network, "th": .transport, "ih": .inner]
        guard let base = bases[base],
            0...65535 ~= offset, 1...128 ~= length
        else { return nil }
        return .header(HeaderField(base: base, bit: Int(offset), count: Int(length), requirement: .none))
    }

    private static let names: [String: Names] = [
        "ip": ip, "ip6": ip6, "arp": arp, "tcp": tcp, "icmp": icmp, "icmpv6": icmp6,
        "udp": [
            "sport": ("udp.sport", .number), "dport": ("udp.dport", .number), "length": ("udp.len", .number),
            "csumcov": ("udp.len", .number), "checksum": ("udp.sum", .number),
        ],
        "udplite": [
            "sport": ("udplite.sport", .number), "dport": ("udplite.dport", .number),
            "length": ("udplite.cov", .number), "csumcov": ("udplite.cov", .number),
            "checksum": ("udplite.sum", .number),
        ],
        "sctp": [
            "sport": ("sctp.sport", .number), "dport": ("sctp.dport", .number), "vtag": ("sctp.vtag", .number),
        ],
        "dccp": ["sport": ("dccp.sport", .number), "dport": ("dccp.dport", .number)],
        "esp": ["spi": ("esp.spi", .number), "sequence": ("esp.seq", .number)],
        "ah": [
            "nexthdr": ("ah.nxt", .transportProtocol), "spi": ("ah.spi", .number), "sequence": ("ah.seq", .number),
        ],
        "comp": ["nexthdr": ("ipcomp.nxt", .transportProtocol), "cpi": ("ipcomp.cpi", .number)],
        "igmp": ["type": ("igmp.type", .opaque), "group": ("igmp.group", .ipv4)],
    ]

    private static let ip: Names = [
        "version": ("ip.v", .number), "hdrlength": ("ip.hl", .number), "dscp": ("ip.tos.dscp", .dscp),
        "ecn": ("ip.tos.ecn", .ecn), "length": ("ip.len", .number), "id": ("ip.id", .number),
        "frag-off": ("ip.frag", .number), "ttl": ("ip.ttl", .number), "protocol": ("ip.p", .transportProtocol),
        "checksum": ("ip.sum", .number), "saddr": ("ip.src", .ipv4), "daddr": ("ip.dst", .ipv4),
    ]
    private static let ip6: Names = [
        "version": ("ip6.v", .number), "dscp": ("ip6.tclass.dscp", .dscp), "ecn": ("ip6.tclass.ecn", .ecn),
        "flowlabel": ("ip6.flow", .number), "length": ("ip6.plen", .number),
        "nexthdr": ("ip6.nxt", .transportProtocol), "hoplimit": ("ip6.hlim", .number), "saddr": ("ip6.src", .ipv6),
        "daddr": ("ip6.dst", .ipv6),
    ]
    private static let arp: Names = [
        "htype": ("arp.hrd", .number), "ptype": ("arp.pro", .etherType), "hlen": ("arp.hln", .number),
        "plen": ("arp.pln", .number), "operation": ("arp.op", .arpOperation), "saddr ether": ("arp.sha", .ethernet),
        "saddr ip": ("arp.spa", .ipv4), "daddr ether": ("arp.tha", .ethernet), "daddr ip": ("arp.tpa", .ipv4),
    ]
    private static let tcp: Names = [
        "sport": ("tcp.sport", .number), "dport": ("tcp.dport", .number), "sequence": ("tcp.seq", .number),
        "ackseq": ("tcp.ack", .number), "doff": ("tcp.off", .number), "reserved": ("tcp.x2", .number),
        "flags": ("tcp.flags", .tcpFlags), "window": ("tcp.win", .number), "checksum": ("tcp.sum", .number),
        "urgptr": ("tcp.urp", .number),
    ]
    private static let icmp: Names = [
        "type": ("icmp.type", .icmpType), "code": ("icmp.code", .icmpCode), "checksum": ("icmp.sum", .number),
        "id": ("icmp.id", .number), "sequence": ("icmp.seq", .number), "gateway": ("icmp.gw", .number),
        "mtu": ("icmp.mtu", .number),
    ]
    private static let icmp6: Names = [
        "type": ("icmp6.type", .icmp6Type), "code": ("icmp6.code", .icmp6Code), "checksum": ("icmp6.sum", .number),
        "id": ("icmp6.id", .number), "sequence": ("icmp6.seq", .number), "mtu": ("icmp6.mtu", .number),
    ]
}
