/// The meaning of a function's return value, where its C type (`int`) does not show it.
///
/// A closed vocabulary: tracers.json declares a meaning only for functions whose source was read (docs/TRACERS.md). The module
/// `Rendering` formats the values.
public enum ReturnMeaning: String, CaseIterable, Sendable {
    /// 0 for success; a negative error number (include/uapi/asm-generic/errno.h). Positive values keep their own meaning.
    case errno
    /// True if not 0, for functions that return an `int`.
    case boolean
    /// A number of bytes, or a negative error number.
    case bytes
    /// Verdict of a netfilter hook: NF_DROP to NF_STOP, with a queue number or an error in the upper 16 bits
    /// (include/uapi/linux/netfilter.h).
    case verdict
    /// Verdict of an iptables target: a netfilter verdict, XT_CONTINUE or XT_RETURN (include/uapi/linux/netfilter/x_tables.h).
    case target = "xt-target"
    /// Result of all hooks at one place: 1 if the packet continues, 0 if a hook took it, negative if it was dropped, with an
    /// error number (nf_hook_slow, net/netfilter/core.c).
    case hook = "nf-hook"
    /// NET_RX_SUCCESS or NET_RX_DROP (include/linux/netdevice.h), or a negative error number.
    case receive = "net-rx"
    /// NET_XMIT_SUCCESS, NET_XMIT_DROP, NET_XMIT_CN or NETDEV_TX_BUSY (include/linux/netdevice.h), or a negative error number.
    case transmit = "net-xmit"
    /// As `transmit`, with the flags that only queueing disciplines use: __NET_XMIT_STOLEN, __NET_XMIT_BYPASS
    /// (include/net/sch_generic.h).
    case enqueue = "qdisc"
    /// TC_ACT_UNSPEC to TC_ACT_TRAP, a jump or a target chain (include/uapi/linux/pkt_cls.h).
    case action = "tc-action"
    /// XDP_ABORTED to XDP_REDIRECT (include/uapi/linux/bpf.h).
    case program = "xdp-action"
    /// 0 if the packet was consumed; otherwise the negated number of the protocol that is to handle it next
    /// (ip_protocol_deliver_rcu, net/ipv4/ip_input.c).
    case nextProtocol = "next-protocol"
    /// 0 if the packet was consumed; positive if it is an ordinary packet for the UDP socket; negative as for `nextProtocol`
    /// (udp_queue_rcv_one_skb, net/ipv4/udp.c).
    case encapsulation = "encap-rcv"
    /// A number without a name: its meaning differs between kernels, or negative values are no error numbers.
    case number
}
