import Events

/// Collects the events of each packet until the packet has ended, in bounded memory.
///
/// The caller passes every record in the order of the ring, the current time, and the end of the run. Each event is part of
/// exactly one emitted context, in which it is either kept or counted as truncated. After a timeout or an eviction, further
/// events of the packet start a new context with the same number.
public struct ContextTracker: ~Copyable {
    /// Number of skbs of a packet that are distinguished, enough for the segments and clones of a 64 KiB packet. Further ones
    /// are only counted.
    public static let maximumSkbs = UInt64.bitWidth

    /// The result of accepting a record.
    public enum Acceptance: Sendable {
        case tracked
        /// Not an event: the creation or end of an skb that no tracer shows, or an event that the filter hides.
        case lifeOnly
        /// The event belongs to no packet: the hook has only a socket, or packets are not numbered.
        case untracked
        /// A function returned whose packet was emitted before: the event is too late for it, and does not begin another
        /// context.
        case lateReturn
        /// The record is too short.
        case unreadable
    }

    private let limits: Limits
    public private(set) var counters = Counters()

    private var table: ContextTable
    /// One slot for each context; the number grows to the maximum in use. Capacity for all is reserved, which uses no memory by
    /// itself.
    private var slots: [ContextSlot] = []
    private var freeSlots: [Int32] = []
    /// `maximumSkbs` entries for each slot: addresses, and the times of their last ends (0 if none was seen).
    private var skbs: [UInt64] = []
    private var ends: [UInt64] = []
    private var arena: RecordArena
    private var sorter = EventSorter()
    private var pairing = CallPairing()
    private var lists = PhaseLists()
    /// The latest known time; never decreases.
    private var clock: UInt64 = 0

    public init(limits: Limits = Limits()) {
        self.limits = limits
        table = ContextTable(capacity: limits.contexts)
        slots.reserveCapacity(limits.contexts)
        skbs.reserveCapacity(limits.contexts * Self.maximumSkbs)
        ends.reserveCapacity(limits.contexts * Self.maximumSkbs)
        freeSlots.reserveCapacity(limits.contexts)
        arena = RecordArena(capacity: limits.bytes)
    }

    /// Number of packets that are being collected.
    public var contexts: Int { slots.count - freeSlots.count }

    /// Peak memory for records, in bytes.
    public var peakBytes: Int { arena.touchedBytes }

    /// Copies one record; passes contexts that are now complete to `emit`.
    public mutating func accept(_ record: RawSpan, _ emit: (FinishedContext) -> Void) -> Acceptance {
        guard let event = EventView(record) else { return .unreadable }
        guard let context = event.context else { return .untracked }
        clock = max(clock, event.timestamp)
        if event.flags.contains(.silent) {
            followLife(record, event, of: context, emit)
            closeOverdue(emit)
            return .lifeOnly
        }
        let known = table.slot(of: context)
        if event.flags.contains(.hidden) {
            if let known { hide(record, event, known, emit) }
            closeOverdue(emit)
            return .lifeOnly
        }
        counters.events += 1
        guard known != nil || !event.flags.contains(.functionReturn) else {
            counters.unpairedReturns += 1
            closeOverdue(emit)
            return .lateReturn
        }
        let slot = known ?? open(context, emit)
        let skb = skbIndex(event.skb, in: slot)
        follow(event, skb, slot)
        store(record, event, skb, slot, emit)
        closeOverdue(emit)
        return .tracked
    }

    /// Keeps a hidden event of a known packet, since it may show the packet's end. An emitted packet does not start anew with
    /// it.
    private mutating func hide(
        _ record: RawSpan, _ event: EventView, _ slot: Int, _ emit: (FinishedContext) -> Void
    ) {
        let skb = skbIndex(event.skb, in: slot)
        slots[slot].hidden += 1
        follow(event, skb, slot)
        store(record, event, skb, slot, emit)
    }

    /// Records the creation or end of an skb that no tracer shows: it changes the context's phase, but is not one of its
    /// events. A drop is kept, since it shows how the packet ended.
    ///
    /// A copy has a life of its own: it may wait in a queue long after the original skb has ended.
    private mutating func followLife(
        _ record: RawSpan, _ event: EventView, of context: UInt64, _ emit: (FinishedContext) -> Void
    ) {
        guard let slot = table.slot(of: context) else { return }
        let isMade = !event.flags.contains(.free)
        let skb = isMade ? skbIndex(event.skb, in: slot) : knownSkbIndex(event.skb, in: slot) ?? StoredEvent.noSkb
        if isMade, skb == StoredEvent.noSkb { slots[slot].unlistedLiving += 1 }
        follow(event, skb, slot)
        if event.flags.contains(.drop) { store(record, event, skb, slot, emit) }
    }

    /// Sets the time, in nanoseconds of CLOCK_MONOTONIC. Must be called after the ring has been emptied, otherwise the records
    /// that are still in the ring would be too late.
    public mutating func advance(to now: UInt64, _ emit: (FinishedContext) -> Void) {
        clock = max(clock, now)
        closeOverdue(emit)
    }

    /// Emits all contexts at the end of the run, ended packets first.
    public mutating func finish(_ emit: (FinishedContext) -> Void) {
        while let slot = lists.ending.firstSlot ?? lists.returning.firstSlot {
            close(slot, .died, emit)
        }
        while let slot = lists.living.firstSlot {
            close(slot, .runEnded, emit)
        }
    }

    private mutating func open(_ context: UInt64, _ emit: (FinishedContext) -> Void) -> Int {
        if freeSlots.isEmpty, slots.count == limits.contexts {
            closeOldest(sparing: nil, emit)
        }
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = Int(free)
            slots[slot] = ContextSlot()
        } else {
            slot = slots.count
            slots.append(ContextSlot())
            skbs.append(contentsOf: repeatElement(0, count: Self.maximumSkbs))
            ends.append(contentsOf: repeatElement(0, count: Self.maximumSkbs))
        }
        slots[slot].context = context
        table.insert(context, slot: slot)
        lists.append(slot, &slots)
        return slot
    }

    /// Index of the event's skb, which is added to the list if it is new.
    private mutating func skbIndex(_ address: UInt64, in slot: Int) -> UInt8 {
        guard address != 0 else { return StoredEvent.noSkb }
        if let known = knownSkbIndex(address, in: slot) { return known }
        let start = slot * Self.maximumSkbs
        let count = slots[slot].skbCount
        guard count < Self.maximumSkbs else {
            slots[slot].hasUnlistedSkbs = true
            return StoredEvent.noSkb
        }
        skbs[start + count] = address
        ends[start + count] = 0
        slots[slot].skbCount += 1
        return UInt8(count)
    }

    /// Inlined, since otherwise a non-mutating function would get a copy of the tracker.
    @inline(__always)
    private func knownSkbIndex(_ address: UInt64, in slot: Int) -> UInt8? {
        let start = slot * Self.maximumSkbs
        for place in start..<start + slots[slot].skbCount where skbs[place] == address {
            return UInt8(truncatingIfNeeded: place - start)
        }
        return nil
    }

    /// Updates the skb's state. Every event shows that its skb is alive, except the one that ends it, earlier ones that arrive
    /// late, and returns of functions.
    private mutating func follow(_ event: EventView, _ skb: UInt8, _ slot: Int) {
        let flags = event.flags
        var showsLife = false
        if skb != StoredEvent.noSkb, !flags.contains(.functionReturn) {
            let place = slot * Self.maximumSkbs + Int(skb)
            let end = ends[place]
            if flags.contains(.free) {
                ends[place] = max(end, event.timestamp)
            } else {
                showsLife = event.timestamp > end || end == 0
            }
        }
        // The grace period counts from here; the lists stay sorted by this time.
        slots[slot].lastSeen = clock
        let phase = slots[slot].follow(flags, skb, showsLife: showsLife, countsCalls: limits.returnGrace != nil)
        lists.move(slot, to: phase, &slots)
    }

    private mutating func store(
        _ record: RawSpan, _ event: EventView, _ skb: UInt8, _ slot: Int, _ emit: (FinishedContext) -> Void
    ) {
        let stored = StoredEvent(
            timestamp: event.timestamp, offset: 0, size: 0, hook: UInt16(event.hook), flags: event.flags.rawValue,
            skb: skb)
        var isKept = slots[slot].count < limits.eventsPerContext || slots[slot].count < limit(for: event, slot)
        while isKept, !arena.append(record, stored, to: &slots[slot].run) {
            isKept = closeOldest(sparing: slot, emit)
        }
        let isShown = event.flags.isDisjoint(with: .unshown)
        if isKept {
            slots[slot].count += 1
            if !isShown { slots[slot].unshown += 1 }
        } else if isShown {
            slots[slot].truncated += 1
            slots[slot].cutFrom = min(slots[slot].cutFrom, event.timestamp)
            counters.truncatedEvents += 1
        }
    }

    /// Ends are kept beyond the limit, so that it is visible how and when a packet with too many events ended. Returns are kept
    /// too, so that kept calls are complete.
    private func limit(for event: EventView, _ slot: Int) -> Int {
        if event.flags.contains(.free) { return limits.eventsPerContext + Self.maximumSkbs }
        guard let call = event.functionReturn, call.entered < slots[slot].cutFrom else {
            return limits.eventsPerContext
        }
        return limits.eventsPerContext * 2 + Self.maximumSkbs
    }

    private mutating func closeOverdue(_ emit: (FinishedContext) -> Void) {
        while let slot = lists.ending.firstSlot, clock - slots[slot].lastSeen >= limits.grace {
            close(slot, .died, emit)
        }
        while let slot = lists.returning.firstSlot, clock - slots[slot].lastSeen >= limits.returnGrace ?? 0 {
            close(slot, .died, emit)
        }
        while let slot = lists.living.firstSlot, clock - slots[slot].lastSeen >= limits.timeout {
            close(slot, .timedOut, emit)
        }
    }

    /// Emits the oldest context to make room, preferably one that only waits for late events. Returns false if `spared` is the
    /// only one.
    @discardableResult
    private mutating func closeOldest(sparing spared: Int?, _ emit: (FinishedContext) -> Void) -> Bool {
        if let slot = lists.ending.firstSlot, slot != spared {
            close(slot, .died, emit)
        } else if let slot = lists.returning.firstSlot, slot != spared {
            close(slot, .died, emit)
        } else if let slot = lists.living.firstSlot, slot != spared {
            counters.evictedContexts += 1
            close(slot, .evicted, emit)
        } else {
            return false
        }
        return true
    }

    private mutating func close(_ slot: Int, _ closure: ContextClosure, _ emit: (FinishedContext) -> Void) {
        let state = slots[slot]
        sorter.removeAll()
        arena.forEach(in: state.run) { sorter.append($0) }
        sorter.sort()
        pairing.pair(sorter.events, in: arena)
        if limits.returnGrace != nil {
            counters.unpairedCalls += UInt64(pairing.unpairedCalls)
            counters.unpairedReturns += UInt64(pairing.unpairedReturns)
        }
        let start = slot * Self.maximumSkbs
        emit(
            FinishedContext(
                number: state.context, closure: closure, truncatedEvents: state.truncated,
                hiddenEvents: state.hidden, unshownEvents: state.unshown, hasUnlistedSkbs: state.hasUnlistedSkbs,
                livingSkbs: state.living,
                skbs: skbs.span.extracting(start..<start + state.skbCount), events: sorter.events.span,
                partners: pairing.partners.span, records: arena.bytes))
        counters.contexts += 1
        arena.release(&slots[slot].run)
        table.remove(state.context)
        lists.remove(slot, &slots)
        freeSlots.append(Int32(slot))
    }
}
