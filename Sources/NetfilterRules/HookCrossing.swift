import Protocols

/// The netfilter hooks, by their names in nft(8). Their numbers are in include/uapi/linux/netfilter.h, enum
/// nf_inet_hooks and enum nf_dev_hooks.
public enum NetfilterHook: String, Sendable, Hashable, CaseIterable {
    case prerouting, input, forward, output, postrouting, ingress, egress
}

/// The protocol family that owns a hook: `nf_hook_state.pf` (NFPROTO_IPV4 and so on).
public enum HookFamily: Sendable, Hashable {
    case ipv4, ipv6, arp, bridge, netdev
}

/// A device at a hook, as far as it is known.
public enum HookDevice: Sendable, Hashable {
    case named(String)
    /// The hook has no such device, for example no outgoing one on input; rules then see an empty name.
    case none
    case unknown
}

/// `skb->_nfct` of the packet, which determines `ct state` (include/net/netfilter/nf_conntrack.h, enum
/// ip_conntrack_info).
public enum ConnectionState: Sendable, Hashable {
    case unknown
    case established, related, new, untracked
    /// No connection is attached. Rules also see this state before connection tracking runs.
    case invalid
    /// The same states for packets in the reply direction, which is part of the same field.
    case establishedReply, relatedReply

    /// - Parameter nfct: the whole field; its low three bits are the `enum ip_conntrack_info`.
    public init(nfct: UInt64) {
        switch (nfct & ~7, nfct & 7) {
        case (0, 7): self = .untracked
        case (0, _): self = .invalid
        case (_, 0): self = .established
        case (_, 1): self = .related
        case (_, 2): self = .new
        case (_, 3): self = .establishedReply
        case (_, 4): self = .relatedReply
        default: self = .unknown
        }
    }
}

/// The engine that gave the verdict, by the traced function: `nft_do_chain`, or `ipt_do_table`/`ip6t_do_table`.
public enum RuleEngine: Sendable, Hashable {
    /// nft and iptables-nft.
    case nftables
    /// iptables-legacy.
    case xtables
}

/// Owner of a socket, in the initial user namespace.
public struct SocketOwner: Sendable, Equatable {
    public var user: UInt32?
    public var group: UInt32?

    public init(user: UInt32?, group: UInt32?) {
        self.user = user
        self.group = group
    }
}

/// Facts of the trace about a packet that did not pass a netfilter hook.
public struct HookCrossing: Sendable {
    public var hook: NetfilterHook
    public var family: HookFamily
    /// The captured bytes from the network header on, **as they were when the packet was freed**.
    public var packet: [UInt8]
    /// Length of the packet from the network header on, in bytes; more than `packet.count` if the capture was cut.
    public var length: Int
    /// `skb->protocol` in host order, required for the hooks of bridges and devices; all other hooks imply it.
    public var etherType: UInt16?
    public var input: HookDevice
    public var output: HookDevice
    /// `skb->mark` when the packet was freed.
    public var mark: UInt32?
    public var connection: ConnectionState
    /// nil if the trace does not show which engine gave the verdict. Then connection tracking, IPVS, a BPF program or a
    /// security module may have dropped the packet instead of a rule.
    public var engine: RuleEngine?
    /// Whether the packet ended on its way to a listener of NFQUEUE (in `nf_queue` or `nf_reinject`) instead of by a
    /// drop verdict; nil if the function is unknown.
    public var endedInQueue: Bool?
    /// CLOCK_MONOTONIC in nanoseconds; determines whether two listings of the rules enclose the drop.
    public var timestamp: UInt64?
    /// Owner of the sending socket.
    public var sender: SocketOwner?
    /// Addresses of the received frame.
    public var link: (source: UInt128, destination: UInt128)?
    /// Whether connection tracking certainly did not classify the packet as invalid.
    public var isTrackable = false
    /// Whether the bridge passed the packet to the hook (br_netfilter).
    public var isBridged = false
    /// Answers of ipset to `Ruleset.setQuestions`.
    public var setAnswers: [IPSetQuestion: Bool] = [:]

    /// Sets devices that a hook cannot have to `none`: the outgoing one before routing, the incoming one on output.
    public init(
        hook: NetfilterHook, family: HookFamily, packet: [UInt8], length: Int? = nil, etherType: UInt16? = nil,
        input: String? = nil, output: String? = nil, mark: UInt32? = nil, connection: ConnectionState = .unknown,
        engine: RuleEngine? = nil,
        endedInQueue: Bool? = nil, timestamp: UInt64? = nil
    ) {
        let hasInput = hook != .output && hook != .egress
        let hasOutput = hook != .prerouting && hook != .input && hook != .ingress
        self.hook = hook
        self.family = family
        self.packet = packet
        self.etherType =
            switch family {
            case .ipv4: EtherType.ipv4
            case .ipv6: EtherType.ipv6
            case .arp: EtherType.arp
            case .bridge, .netdev: etherType
            }
        self.length = max(length ?? packet.count, packet.count)
        self.input = hasInput ? input.map(HookDevice.named) ?? .unknown : .none
        self.output = hasOutput ? output.map(HookDevice.named) ?? .unknown : .none
        self.mark = mark
        self.connection = connection
        self.engine = engine
        self.endedInQueue = endedInQueue
        self.timestamp = timestamp
    }
}
