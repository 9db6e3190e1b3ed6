/// Placeholders of the form `{word}` in commands. The list is closed, so that all of them can be filled in.
public enum Placeholder: String, Sendable, CaseIterable {
    case bond, bridge, cgroup, chain, comm, daddr, dev, direction, dport, family, group, handle, hook, ipvs, limit, mac,
        mark, mtu
    case netns, nexthop, outdev, peer, pid, pref, prog, qdisc, queue, remote, route, rule, saddr, server, service
    case sport, sysctl, table, vlan, vni

    /// Explanation for a reader who must fill it in by hand.
    public var meaning: String {
        switch self {
        case .bond: "the bond device"
        case .bridge: "the bridge device"
        case .cgroup: "the cgroup's folder, such as /sys/fs/cgroup/system.slice"
        case .chain: "name or number of the chain"
        case .comm: "the program"
        case .daddr: "destination address of the packet"
        case .dev: "the device that the packet was on when it was dropped"
        case .direction: "ingress or egress"
        case .dport: "destination port"
        case .family: "-4 or -6"
        case .group: "the multicast group's address"
        case .handle: "handle of the rule or qdisc, as the check shows it"
        case .hook: "the netfilter hook: prerouting, input, forward, output or postrouting"
        case .ipvs: "the virtual service as ipvsadm takes it, such as: -t 10.0.0.1:80"
        case .limit: "the new limit"
        case .mac: "a MAC address"
        case .mark: "the packet's mark"
        case .mtu: "the new MTU"
        case .netns: "name of the network namespace"
        case .nexthop: "address of the next router, or of the destination if it is on the same network"
        case .outdev: "the device that the packet should leave by"
        case .peer: "the other end of the veth pair"
        case .pid: "number of the process"
        case .pref: "preference of the filter"
        case .prog: "id of the BPF program"
        case .qdisc: "kind of the qdisc: fq_codel, tbf, ..."
        case .queue: "number of the netfilter queue"
        case .remote: "address of the tunnel's other end"
        case .route: "the route as ip route shows it"
        case .rule: "selector of the IPsec policy, as ip xfrm policy takes it"
        case .saddr: "source address of the packet"
        case .server: "address of the real server"
        case .service: "the service's name"
        case .sport: "source port"
        case .sysctl: "the setting, as sysctl spells it"
        case .table: "the table with its family, such as: inet filter"
        case .vlan: "number of the VLAN"
        case .vni: "the tunnel's network identifier (VNI)"
        }
    }

    /// All words in braces in a text, in order, known or not. Braces around anything but lower-case letters are part of
    /// the text, since nftables uses them too.
    static func words(in text: String) -> [Substring] {
        text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            guard let end = part.firstIndex(of: "}"), end != part.startIndex else { return nil }
            let word = part[..<end]
            return word.allSatisfy { ("a"..."z").contains($0) } ? word : nil
        }
    }

    /// The known placeholders of a text, in order of appearance, without repetition.
    public static func all(in text: String) -> [Placeholder] {
        var found: [Placeholder] = []
        for word in words(in: text) {
            if let placeholder = Placeholder(rawValue: String(word)), !found.contains(placeholder) {
                found.append(placeholder)
            }
        }
        return found
    }
}
