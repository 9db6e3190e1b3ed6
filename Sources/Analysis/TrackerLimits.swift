extension ContextTracker {
    /// Limits of number, memory and time.
    public struct Limits: Sendable, Equatable {
        /// Maximum number of packets that are collected at the same time; beyond, the one without events for longest is
        /// emitted.
        public var contexts: Int
        /// Maximum number of kept events per packet; later ones are only counted, except ends of its skbs and returns
        /// of functions whose call was kept.
        public var eventsPerContext: Int
        /// Memory for the records of all packets, in bytes. A record takes its own size plus 24 bytes.
        public var bytes: Int
        /// Nanoseconds to wait for late events of other CPUs after the last skb of a packet was freed.
        public var grace: UInt64
        /// Nanoseconds to wait for returns of functions after the last event of a packet whose skbs were all freed; nil
        /// if returns are not wanted.
        public var returnGrace: UInt64?
        /// Nanoseconds without events after which a packet is emitted although no end was seen.
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

        /// Bytes of the tables that are allocated at once, without the memory for records.
        public var tableBytes: Int {
            contexts * (MemoryLayout<ContextSlot>.stride + ContextTracker.maximumSkbs * 16 + 4 + 4 * 12)
        }
    }

    /// Counters of the tracker since its creation.
    public struct Counters: Sendable, Equatable {
        /// Events of packets that were accepted.
        public var events: UInt64 = 0
        /// Of these, events that were not kept, since their packet had too many.
        public var truncatedEvents: UInt64 = 0
        /// Contexts that were emitted.
        public var contexts: UInt64 = 0
        /// Of these, contexts that were emitted to make room for others.
        public var evictedContexts: UInt64 = 0
        /// Calls without a return: the function was still running, or its packet was emitted before.
        public var unpairedCalls: UInt64 = 0
        /// Returns whose packet was emitted before, or whose call was not kept.
        public var unpairedReturns: UInt64 = 0

        public init() {}
    }
}
