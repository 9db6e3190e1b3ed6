extension ContextTracker {
    /// How much is kept, and for how long.
    public struct Limits: Sendable, Equatable {
        /// Packets that are collected at the same time; when there are more, the one silent for longest is handed out.
        public var contexts: Int
        /// Events of one packet that are kept; later ones are counted, but for the ends of its skbs and the returns of
        /// functions whose call was kept.
        public var eventsPerContext: Int
        /// Memory for the records of all packets. A record takes its own size and 24 bytes.
        public var bytes: Int
        /// Nanoseconds to wait, after the last skb of a packet was freed, for what other CPUs report late.
        public var grace: UInt64
        /// Nanoseconds to wait, after the last sign of a packet whose skbs were all freed, for functions that have not
        /// returned; `nil`: the returns are not wanted, and nobody waits for them.
        public var returnGrace: UInt64?
        /// Nanoseconds of silence after which a packet is handed out although no end was seen.
        public var timeout: UInt64

        /// Values below 1 become 1.
        public init(
            contexts: Int = 4096, eventsPerContext: Int = 512, bytes: Int = 64 << 20, grace: UInt64 = 2_000_000,
            returnGrace: UInt64? = nil, timeout: UInt64 = 5_000_000_000
        ) {
            self.contexts = min(max(1, contexts), Int(Int32.max) / ContextTracker.maximumSkbs)
            self.eventsPerContext = max(1, eventsPerContext)
            self.bytes = max(1, bytes)
            self.grace = grace
            self.returnGrace = returnGrace
            self.timeout = max(1, timeout)
        }

        /// Bytes of the tables that are made at once, the records' memory aside.
        public var tableBytes: Int {
            contexts * (MemoryLayout<ContextSlot>.stride + ContextTracker.maximumSkbs * 16 + 4 + 4 * 12)
        }
    }

    /// What the tracker did so far.
    public struct Counters: Sendable, Equatable {
        /// Events of packets that were taken.
        public var events: UInt64 = 0
        /// Of these, events that were not kept since their packet had too many.
        public var truncatedEvents: UInt64 = 0
        /// Contexts that were handed out.
        public var contexts: UInt64 = 0
        /// Of these, contexts that had to make room for others.
        public var evictedContexts: UInt64 = 0
        /// Functions that were not seen to return: they were still busy, or their packet was handed out before.
        public var unpairedCalls: UInt64 = 0
        /// Returns whose packet was handed out before, or whose call was not kept.
        public var unpairedReturns: UInt64 = 0

        public init() {}
    }
}
