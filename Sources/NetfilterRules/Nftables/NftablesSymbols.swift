import Protocols

/// The names that nft prints instead of numbers (its src/proto.c, src/ct.c, src/datatype.c; /etc/protocols).
enum NftablesSymbols {
    /// The notation of a field's values.
    enum Kind: Sendable {
        case ipv4, ipv6, ethernet, number, name
        case transportProtocol, etherType, networkFamily
        case icmpType, icmpCode, icmp6Type, icmp6Code, tcpFlags, dscp, ecn
        case connectionState, connectionDirection, arpOperation, addressType
        /// Numbers are readable, names are not known here.
        case opaque
    }

    static func number(_ text: String, _ kind: Kind) -> UInt128? {
        switch kind {
        case .ipv4: return AddressParsing.ipv4(text)
        case .ipv6: return AddressParsing.ipv6(text)
        case .ethernet: return AddressParsing.ethernet(text)
        default: break
        }
        if let number = integer(text) { return number }
        switch kind {
        case .transportProtocol: return transportProtocol(text)
        case .etherType:
            return etherTypes[text].map { UInt128($0) }
        case .networkFamily: return ["ipv4": 2, "ipv6": 10][text]
        case .icmpType: return icmpTypes[text]
        case .icmp6Type: return icmp6Types[text]
        case .icmpCode:
            return [
                "net-unreachable": 0, "host-unreachable": 1, "prot-unreachable": 2, "port-unreachable": 3,
                "net-prohibited": 9, "host-prohibited": 10, "admin-prohibited": 13, "frag-needed": 4,
            ][text]
        case .icmp6Code:
            return [
                "no-route": 0, "admin-prohibited": 1, "addr-unreachable": 3, "port-unreachable": 4, "policy-fail": 5,
                "reject-route": 6,
            ][text]
        case .tcpFlags:
            return ["fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64, "cwr": 128][text]
        case .addressType: return AddressTypes.numbers[text]
        case .dscp: return dscp[text]
        case .ecn: return ["not-ect": 0, "ect1": 1, "ect0": 2, "ce": 3][text]
        case .connectionState:
            return ["invalid": 1, "established": 2, "related": 4, "new": 8, "untracked": 64][text]
        case .connectionDirection: return ["original": 0, "reply": 1][text]
        case .arpOperation:
            return ["request": 1, "reply": 2, "rrequest": 3, "rreply": 4, "inrequest": 8, "inreply": 9, "nak": 10][text]
        default: return nil
        }
    }

    static func integer(_ text: some StringProtocol) -> UInt128? {
        text.hasPrefix("0x") ? UInt128(text.dropFirst(2), radix: 16) : UInt128(text)
    }

    /// The number of a transport protocol. Numbers beyond 255 exist for sockets only.
    static func transportProtocol(_ name: String) -> UInt128? {
        ["ip": 0, "mptcp": 262][name] ?? IPProtocol.number(named: name).map { UInt128($0) }
    }

    private static let etherTypes = [
        "ip": EtherType.ipv4, "ip6": EtherType.ipv6, "arp": EtherType.arp, "vlan": EtherType.vlan,
        "8021q": EtherType.vlan, "8021ad": EtherType.providerVLAN,
    ]

    private static let icmpTypes: [String: UInt128] = [
        "echo-reply": 0, "destination-unreachable": 3, "source-quench": 4, "redirect": 5, "echo-request": 8,
        "router-advertisement": 9, "router-solicitation": 10, "time-exceeded": 11, "parameter-problem": 12,
        "timestamp-request": 13, "timestamp-reply": 14, "info-request": 15, "info-reply": 16,
        "address-mask-request": 17, "address-mask-reply": 18,
    ]

    private static let icmp6Types: [String: UInt128] = [
        "destination-unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4,
        "echo-request": 128, "echo-reply": 129, "mld-listener-query": 130, "mld-listener-report": 131,
        "mld-listener-done": 132, "mld-listener-reduction": 132, "nd-router-solicit": 133, "nd-router-advert": 134,
        "nd-neighbor-solicit": 135, "nd-neighbor-advert": 136, "nd-redirect": 137, "router-renumbering": 138,
        "ind-neighbor-solicit": 141, "ind-neighbor-advert": 142, "mld2-listener-report": 143,
    ]

    private static let dscp: [String: UInt128] = [
        "cs0": 0, "cs1": 8, "cs2": 16, "cs3": 24, "cs4": 32, "cs5": 40, "cs6": 48, "cs7": 56, "df": 0, "be": 0,
        "lephb": 1, "af11": 10, "af12": 12, "af13": 14, "af21": 18, "af22": 20, "af23": 22, "af31": 26, "af32": 28,
        "af33": 30, "af41": 34, "af42": 36, "af43": 38, "va": 44, "ef": 46,
    ]
}
