import Protocols

/// The names of protocols in filters, and those that are known but not decoded.
public enum ProtocolNames {
    /// Other names of protocols: those of earlier decoders and the usual ones of today.
    private static let others = [
        "arpip": "arp", "bind": "dns", "bootp": "dhcp", "dhcp6c": "dhcp6", "ethernet": "ether", "icmpv6": "icmp6",
        "ipv4": "ip", "ipv6": "ip6", "named": "dns", "rpc": "sunrpc",
    ]

    /// The name in the tables.
    public static func canonical(_ name: String) -> String { others[name] ?? name }

    static func place(_ name: String) -> Int? { ProtocolTable.place(named: canonical(name)) }

    /// Protocols of other times: their packets are no longer seen, so nothing decodes them.
    public static let notSupported: Set<String> = [
        "aarp", "appletalk", "ddp", "decnet", "elap", "fddi", "hello", "idp", "ipx", "lat", "nbp", "pep", "rlogin",
        "slip",
        "spp", "telnet", "tokenring", "tsp", "vines", "x11", "xns",
    ]

    /// How far in a packet the protocol lies, by the numbers that announce it: a header of a higher rank follows one of a
    /// lower rank, but for tunnels.
    static func rank(_ place: Int) -> Int {
        let kind = ProtocolTable.all[place]
        switch kind.base {
        case .link: return 0
        case .network: return 2
        case .transport: return 4
        case .walked: break
        }
        switch kind.numbers.first {
        case .link: return 0
        case .etherType, .llc, .snap, .bridge, .ppp: return 1
        case .extensionHeader: return 3
        case .ipProtocol: return 4
        default: return 5
        }
    }
}
