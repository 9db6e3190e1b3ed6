/// What became of one skb, as far as its events prove it.
public struct Fate: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// A program copied it into its own memory.
        case delivered
        /// A driver got it and released it.
        case transmitted
        /// Freed with a reason, or by a function that only frees what is lost.
        case dropped
        /// Freed, and nothing more is certain.
        case consumed
    }

    public let kind: Kind
    /// Index into the context's events of the one that tells the most: the copy to the program, the start of the
    /// transmission, the drop, the last tracer before the end.
    public let event: Int
    /// How many skbs of the packet met it.
    public internal(set) var skbs: Int

    public init(kind: Kind, event: Int, skbs: Int = 1) {
        self.kind = kind
        self.event = event
        self.skbs = skbs
    }
}

/// How a context ended.
public struct ContextEnding: Sendable {
    /// Why it is told now; that it died, also where all of its skbs that were not freed were delivered.
    public let closure: ContextClosure
    /// The packet's own fate; nil where no end was seen.
    ///
    /// A program that got the packet is what counts, whichever of its skbs it was. Otherwise it is the fate of the first
    /// skb if that is certain; otherwise the last certain one of its clones and segments (the original of a TCP segment
    /// stays with the socket while a clone is transmitted); otherwise where it was consumed.
    public let fate: Fate?
    /// Fates of other skbs that differ from it in kind or place, such as the other ports of a flooding bridge. Not the
    /// freeing of what is left once a socket has taken a copy.
    public let others: [Fate]
    /// It died, and every one of its skbs was dropped, but for copies that went to observers.
    public let isLostWholly: Bool
    /// The last event at a tracer that does not merely free; 0 if all do.
    public let lastEvent: Int
}
