import Diagnosis
import NetfilterRules
import Protocols

/// Finds the netfilter hook of a packet by the function that calls the hook.
enum HookPlace {
    /// Callers of NF_HOOK in net/ipv4/{ip_input,ip_forward,ip_output,raw}.c and
    /// net/ipv6/{ip6_input,ip6_output,mcast,ndisc,raw}.c.
    private static let hooks: [String: NetfilterHook] = [
        "ip_rcv": .prerouting, "ip_list_rcv": .prerouting, "ip_sublist_rcv": .prerouting,
        "ipv6_rcv": .prerouting, "ipv6_list_rcv": .prerouting, "ip6_sublist_rcv": .prerouting,
        "ip_local_deliver": .input, "ip6_input": .input, "ip6_mc_input": .input,
        "ip_forward": .forward, "ip6_forward": .forward, "ipmr_queue_xmit": .forward, "ip6mr_forward2": .forward,
        "__ip_local_out": .output, "ip_local_out": .output, "__ip6_local_out": .output, "ip6_local_out": .output,
        "ip6_xmit": .output, "raw_sendmsg": .output, "rawv6_sendmsg": .output, "ndisc_send_skb": .output,
        "arp_rcv": .input, "arp_xmit": .output,
        "br_handle_frame": .prerouting, "br_pass_frame_up": .input, "__br_forward": .forward,
        "br_forward": .forward, "br_flood": .forward,
        "br_nf_pre_routing": .prerouting, "br_nf_pre_routing_ipv6": .prerouting,
        "br_nf_forward": .forward, "br_nf_forward_ip": .forward, "br_nf_forward_arp": .forward,
        "br_nf_post_routing": .postrouting,
        "br_nf_pre_routing_finish": .prerouting, "br_nf_pre_routing_finish_ipv6": .prerouting,
        "br_nf_forward_finish": .forward,
        "br_forward_finish": .postrouting, "__netif_receive_skb_core": .ingress, "__dev_queue_xmit": .egress,
        "ip_output": .postrouting, "ip_mc_output": .postrouting, "ip6_output": .postrouting,
    ]

    /// Functions that call the hooks of IP and ARP for the bridge (net/bridge/br_netfilter_hooks.c,
    /// br_netfilter_ipv6.c). The functions that continue after them call the bridge's own hooks.
    private static let bridgeToIP: Set = [
        "br_nf_pre_routing", "br_nf_pre_routing_ipv6", "br_nf_forward", "br_nf_forward_ip", "br_nf_forward_arp",
        "br_nf_post_routing",
    ]

    /// Functions that free packets which no program takes out of their queue.
    static let queues: Set = ["nf_queue", "nf_reinject", "nfqnl_enqueue_packet", "__nfqnl_enqueue_packet"]

    private static let netdevHooks: Set<NetfilterHook> = [.ingress, .egress]

    /// The family that owns the hook: bridges and devices have hooks of their own.
    static func family(of evidence: Evidence) -> HookFamily? {
        if let hook = hook(of: evidence), netdevHooks.contains(hook) { return .netdev }
        if !isBridged(evidence), let place = place(of: evidence), place.hasPrefix("br_") || place.hasPrefix("__br_") {
            return .bridge
        }
        switch evidence.packet?.headers.network {
        case .ipv4: return .ipv4
        case .ipv6: return .ipv6
        case .arp: return .arp
        case .none?, nil: return nil
        }
    }

    /// Whether the bridge passed the packet to a hook of IP.
    static func isBridged(_ evidence: Evidence) -> Bool { place(of: evidence).map(bridgeToIP.contains) ?? false }

    /// The hook that the trace proves; nil if it does not.
    static func hook(of evidence: Evidence) -> NetfilterHook? {
        guard let place = place(of: evidence) else { return nil }
        // Packets that the machine itself sends through a bridge pass the same functions, but the hook is output.
        if hooks[place] == .forward, place.contains("br_"), !bridgeToIP.contains(place),
            evidence.trail.contains("br_dev_xmit")
        {
            return .output
        }
        return hooks[place]
    }

    /// Whether the hook of a device follows from the traced functions alone. A bridge that was loaded after the trace
    /// began calls its hooks in functions that are not traced.
    static func isDeviceHookGuessed(_ evidence: Evidence) -> Bool {
        placeInStack(of: evidence) == nil && hook(of: evidence).map(netdevHooks.contains) == true
    }

    /// The innermost function that calls a hook. A stack may be cut off at a function whose return is probed.
    private static func place(of evidence: Evidence) -> String? {
        placeInStack(of: evidence) ?? evidence.trail.last { hooks[$0] != nil }
    }

    private static func placeInStack(of evidence: Evidence) -> String? {
        evidence.stack.lazy.map { Evidence.function(in: $0) }.first { hooks[$0] != nil }
    }

    /// All hooks that come into question: a received packet passes other hooks than one made by this machine.
    static func possible(_ evidence: Evidence) -> [NetfilterHook] {
        if let hook = hook(of: evidence) { return [hook] }
        if case .arp? = evidence.packet?.headers.network { return [.input, .output] }
        return evidence.inDevice != nil ? [.prerouting, .input, .forward, .postrouting] : [.output, .postrouting]
    }

    /// The engine whose tables gave the verdict, if the trace shows it.
    static func engine(of evidence: Evidence) -> RuleEngine? {
        // Since 6.7 the function that gives the verdict frees the packet itself.
        if evidence.function == "nft_do_chain" { return .nftables }
        for result in evidence.returns where result.number == 0 {
            if result.tracer.hasPrefix("nft_do_chain") { return .nftables }
            if result.tracer == "ipt_do_table" || result.tracer == "ip6t_do_table" { return .xtables }
        }
        return nil
    }
}
