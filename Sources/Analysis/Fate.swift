/// The fate of one skb, as far as its events prove it.
public struct Fate: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// A program copied it into its own memory.
        case delivered
        /// A driver received and released it.
        case transmitted
        /// Freed with a drop reason, or by a function that only frees lost packets.
        case dropped
        /// Freed, with no further proof.
        case consumed
    }

    public let kind: Kind
    /// Index of the most informative event in the context: the copy to the program, the start of the transmission, the drop, or
    /// the last tracer before the end.
    public let event: Int
    /// Number of skbs of the packet with this fate.
    public internal(set) var skbs: Int

    public init(kind: Kind, event: Int, skbs: Int = 1) {
        self.kind = kind
        self.event = event
        self.skbs = skbs
    }
}

/// The end of a context.
public struct ContextEnding: Sendable {
    /// The reason that the context is complete. It is `died` also if every skb that was not freed was delivered.
    public let closure: ContextClosure
    /// The packet's own fate; nil if no end was seen.
    ///
    /// A delivery counts first, whichever skb was delivered. Otherwise it is the fate of the first skb if that is certain;
    /// otherwise the last certain one of its clones and segments (the original of a TCP segment stays with the socket while a
    /// clone is transmitted); otherwise the last event at which it was consumed.
    /// stays with the socket while a clone is transmitted); otherwise where it was consumed.
    public let fate: Fate?
    /// Fates of other skbs that differ in kind or place, such as those on the other ports of a flooding bridge. The free of an
    /// skb of which a socket has received a copy is left out.
    public let others: [Fate]
    /// Whether the packet has ended and all of its skbs were dropped, except copies for observers.
    public let isLostWholly: Bool
    /// Index of the last event at a tracer that does more than free; 0 if there is none.
    public let lastEvent: Int
}
