/// The functions that show at which hook of netfilter a packet was, and what ended it: `netfilter` in tracers.json.
public struct NetfilterPlaces: Hashable, Sendable {
    public enum Hook: String, CaseIterable, Sendable {
        case prerouting, input, forward, output, postrouting, ingress, egress
    }

    /// Owners of hooks besides the protocol of the packet.
    public enum Family: String, CaseIterable, Sendable {
        case bridge, netdev
    }

    /// A function that calls a hook.
    public struct Caller: Hashable, Sendable {
        public let function: String
        public let hook: Hook
        /// nil: the family of the packet's protocol.
        public let family: Family?
        /// Whether it calls a hook of IP or ARP on behalf of a bridge.
        public let isForBridge: Bool
        /// A function that the packet passed before if the machine itself sends it, so that the hook is `output`.
        public let outputAfter: String?
    }

    public let callers: [Caller]
    /// Functions that free packets which no program takes out of their queue.
    public let queues: Set<String>
    /// Functions in which rules of nft and iptables-nft give their verdict.
    public let nftables: Set<String>
    /// Functions in which rules of iptables-legacy give their verdict.
    public let xtables: Set<String>
}
