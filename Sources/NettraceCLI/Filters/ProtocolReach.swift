import AttachPlanning

/// Notes tracers that only see packets of another layer 4 protocol than the filter selects, so that nothing can match.
enum ProtocolReach {
    /// Names of the protocol, by group of the tracer tree.
    private static let protocols: [String: Set<String>] = [
        "tcp": ["tcp", "6"], "udp": ["udp", "17", "udplite", "136"],
        "icmp": ["icmp", "icmpv4", "1", "icmp6", "icmpv6", "58"], "igmp": ["igmp", "2"], "sctp": ["sctp", "132"],
        "arp": ["arp", "rarp"],
    ]

    /// Names of layer 3 protocols, which do not determine layer 4.
    private static let open: Set<String> = ["ip", "ipv4", "ip4", "ip6", "ipv6", "vlan", "mpls"]

    static func notes(of wanted: [String], tracers: [PlannedHook]) -> [String] {
        let named = Set(wanted.map { $0.lowercased() })
        guard !named.isEmpty, named.isDisjoint(with: open), !tracers.isEmpty else { return [] }
        var groups: Set<String> = []
        for tracer in tracers {
            let group = String(tracer.group.prefix { $0 != "-" })
            // Handlers of ICMP errors see errors that quote their protocol.
            guard let reach = protocols[group], reach.isDisjoint(with: named), !tracer.tracer.hasSuffix("_err") else {
                return []
            }
            groups.insert(group)
        }
        return [
            "-p \(named.sorted().joined(separator: ",")): the chosen tracers see packets of "
                + "\(groups.sorted().joined(separator: ", ")) only, so that nothing can match"
        ]
    }
}
