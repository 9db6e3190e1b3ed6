/// What the return value of a function means, where its C type (`int`) does not say it.
///
/// A closed vocabulary: tracers.json declares one for a function whose source was read (docs/TRACERS.md). How each is
/// shown is `Rendering`'s affair.
public enum ReturnMeaning: String, CaseIterable, Sendable {
    /// 0: success; negative: an error number (include/uapi/asm-generic/errno.h). Positive values keep their own meaning.
    case errno
    /// Not 0: yes. For functions that return an `int` all the same.
    case boolean
    /// How many bytes, or a negative error number.
    case bytes
    /// What a netfilter hook decided: NF_DROP to NF_STOP, with the number of a queue or an error in the upper 16 bits
    /// (include/uapi/linux/netfilter.h).
    case verdict
    /// What an iptables target decided: a verdict, XT_CONTINUE or XT_RETURN (include/uapi/linux/netfilter/x_tables.h).
    case target = "xt-target"
    /// What all hooks at one place decided: 1: the packet goes on, 0: somebody took it, negative: dropped, with an error
    /// number (nf_hook_slow, net/netfilter/core.c).
    case hook = "nf-hook"
    /// NET_RX_SUCCESS or NET_RX_DROP (include/linux/netdevice.h), or a negative error number.
    case receive = "net-rx"
    /// NET_XMIT_SUCCESS, NET_XMIT_DROP, NET_XMIT_CN or NETDEV_TX_BUSY (include/linux/netdevice.h), or a negative error number.
    case transmit = "net-xmit"
    /// The same with the flags that only queueing disciplines see: __NET_XMIT_STOLEN, __NET_XMIT_BYPASS
    /// (include/net/sch_generic.h).
    case enqueue = "qdisc"
    /// TC_ACT_UNSPEC to TC_ACT_TRAP, a jump or a chain to go to (include/uapi/linux/pkt_cls.h).
    case action = "tc-action"
    /// XDP_ABORTED to XDP_REDIRECT (include/uapi/linux/bpf.h).
    case program = "xdp-action"
    /// 0: taken; otherwise, less its sign, the protocol that the packet has to be given to next
    /// (ip_protocol_deliver_rcu, net/ipv4/ip_input.c).
    case nextProtocol = "next-protocol"
    /// 0: taken; positive: not taken, and an ordinary packet of the UDP socket; negative: as for `nextProtocol`
    /// (udp_queue_rcv_one_skb, net/ipv4/udp.c).
    case encapsulation = "encap-rcv"
    /// A number only: it differs from kernel to kernel what it means, or negative ones are no error numbers.
    case number
}
