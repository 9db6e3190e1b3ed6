import AttachPlanning

/// Places that see packets of one protocol of layer 4 only: with another one chosen, they show nothing.
enum ProtocolReach {
    /// By group of the tracer tree: the names of the protocol.
    private static let protocols: [String: Set<String>] = [
        "tcp": ["tcp", "6"], "udp": ["udp", "17", "udplite", "136"],
        "icmp": ["icmp", "icmpv4", "1", "icmp6", "icmpv6", "58"], "igmp": ["igmp", "2"], "sctp": ["sctp", "132"],
        "arp": ["arp", "rarp"],
    ]

    /// Names of layer 3 say nothing of layer 4.
    private static let open: Set<String> = ["ip", "ipv4", "ip4", "ip6", "ipv6", "vlan", "mpls"]

    static func notes(of wanted: [String], tracers: [PlannedHook]) -> [String] {
        let named = Set(wanted.map { $0.lowercased() })
        guard !named.isEmpty, named.isDisjoint(with: open), !tracers.isEmpty else { return [] }
        var groups: Set<String> = []
        for tracer in tracers {
            let group = String(tracer.group.prefix { $0 != "-" })
            // ICMP errors reach the protocol that they quote.
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
