/// The functions and tracepoints by which skbs are followed from their making to their end: `life` in tracers.json.
public struct SkbLife: Hashable, Sendable {
    /// A function that copies or ends skbs.
    public struct Place: Hashable, Sendable {
        /// Its names, the best first: the first one that the kernel has is used.
        public let functions: [String]
        /// Whether every skb passes it: without it some copies or ends are not seen.
        public let isComplete: Bool
        /// A tracepoint inside the function, `category:name`: if it is traced, a hook at the function's entry would end the
        /// packet before the event.
        public let tracepointInside: String?
    }

    /// Functions of a new skb and the one from which it is made, in this order.
    public let links: [Place]
    /// Functions of an skb that ends.
    public let ends: [Place]
    /// The tracepoint that reports ends on kernels without kprobes.
    public let consumption: String
    /// The tracepoint that reports the reason of a drop, which would otherwise look like any other end.
    public let drop: String
    /// Functions that free fragments together with the skb to which they belong, or an skb that never was a packet.
    public let fragmentReleases: Set<String>
    /// Functions that do so directly after the skb to which the fragments belong; other frees there are drops.
    public let fragmentReleasesAfterWhole: Set<String>
}
