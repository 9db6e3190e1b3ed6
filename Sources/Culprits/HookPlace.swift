import Diagnosis
import NetfilterRules

/// Where netfilter's hooks are called: the function that stands around the hook tells which it is.
enum HookPlace {
    /// NF_HOOK in net/ipv4/{ip_input,ip_forward,ip_output,raw}.c and net/ipv6/{ip6_input,ip6_output,mcast,ndisc,raw}.c.
    private static let hooks: [String: NetfilterHook] = [
        "ip_rcv": .prerouting, "ip_list_rcv": .prerouting, "ip_sublist_rcv": .prerouting,
        "ipv6_rcv": .prerouting, "ipv6_list_rcv": .prerouting, "ip6_sublist_rcv": .prerouting,
        "ip_local_deliver": .input, "ip6_input": .input, "ip6_mc_input": .input,
        "ip_forward": .forward, "ip6_forward": .forward, "ipmr_queue_xmit": .forward, "ip6mr_forward2": .forward,
        "__ip_local_out": .output, "ip_local_out": .output, "__ip6_local_out": .output, "ip6_local_out": .output,
        "ip6_xmit": .output, "raw_sendmsg": .output, "rawv6_sendmsg": .output, "ndisc_send_skb": .output,
        "ip_output": .postrouting, "ip_mc_output": .postrouting, "ip6_output": .postrouting,
    ]

    /// The only one that it can be; nil where the trace does not show it.
    static func hook(of evidence: Evidence) -> NetfilterHook? {
        for frame in evidence.stack {
            if let hook = hooks[Evidence.function(in: frame)] { return hook }
        }
        return evidence.trail.reversed().lazy.compactMap { hooks[$0] }.first
    }

    /// All that it can be: a packet that came from a device passes other hooks than one that was made here.
    static func possible(_ evidence: Evidence) -> [NetfilterHook] {
        if let hook = hook(of: evidence) { return [hook] }
        return evidence.inDevice != nil ? [.prerouting, .input, .forward, .postrouting] : [.output, .postrouting]
    }

    /// Whose tables gave the verdict, where the trace saw it.
    static func engine(of evidence: Evidence) -> RuleEngine? {
        for result in evidence.returns where result.number == 0 {
            if result.tracer.hasPrefix("nft_do_chain") { return .nftables }
            if result.tracer == "ipt_do_table" || result.tracer == "ip6t_do_table" { return .xtables }
        }
        return nil
    }
}
