import Events

/// Collects the events of each packet until the packet has died, in bounded memory.
///
/// Feed it every record in the order of the ring, tell it about time passing, and tell it when the run ends. Each event
/// is part of exactly one context that is handed out: kept, or counted there as truncated. A context that was handed out
/// because of a timeout or for want of memory starts anew, under the same number, when more is heard of its packet.
public struct ContextTracker: ~Copyable {
    /// Skbs of one packet that are told apart: the segments of a 64 KiB packet and its clones fit. Others are counted.
    public static let maximumSkbs = UInt64.bitWidth

    /// What became of the record.
    public enum Acceptance: Sendable {
        case tracked
        /// Not an event: an skb was made, or ended, where no tracer shows it.
        case lifeOnly
        /// The event belongs to no packet: the hook has only a socket, or packets are not numbered.
        case untracked
        /// A function returned whose packet was handed out before: too late for it, and no reason to begin another.
        case lateReturn
        /// Too short to be a record.
        case unreadable
    }

    private let limits: Limits
    public private(set) var counters = Counters()

    private var table: ContextTable
    private var slots: [ContextSlot]
    /// Slots from here on were never used.
    private var unusedSlots = 0
    private var freeSlots: [Int32] = []
    /// `maximumSkbs` for each slot: addresses, and the times of their last ends (0: none was seen).
    private var skbs: [UInt64]
    private var ends: [UInt64]
    private var arena: RecordArena
    private var sorter = EventSorter()
    private var pairing = CallPairing()
    private var lists = PhaseLists()
    /// The latest time heard of; never runs backwards.
    private var clock: UInt64 = 0

    public init(limits: Limits = Limits()) {
        self.limits = limits
        table = ContextTable(capacity: limits.contexts)
        slots = Array(repeating: ContextSlot(), count: limits.contexts)
        skbs = Array(repeating: 0, count: limits.contexts * Self.maximumSkbs)
        ends = skbs
        freeSlots.reserveCapacity(limits.contexts)
        arena = RecordArena(capacity: limits.bytes)
    }

    /// Packets that are being collected.
    public var contexts: Int { unusedSlots - freeSlots.count }

    /// Bytes of records that were in use at the same time at most.
    public var peakBytes: Int { arena.touchedBytes }

    /// Takes a copy of one record; `emit` gets the contexts that are complete by now.
    public mutating func accept(_ record: RawSpan, _ emit: (FinishedContext) -> Void) -> Acceptance {
        guard let event = EventView(record) else { return .unreadable }
        guard let context = event.context else { return .untracked }
        clock = max(clock, event.timestamp)
        if event.flags.contains(.silent) {
            followLife(event, of: context)
            closeOverdue(emit)
            return .lifeOnly
        }
        counters.events += 1
        let known = table.slot(of: context)
        guard known != nil || !event.flags.contains(.functionReturn) else {
            counters.unpairedReturns += 1
            closeOverdue(emit)
            return .lateReturn
        }
        let slot = known ?? open(context, emit)
        let skb = skbIndex(event.skb, in: slot)
        slots[slot].lastSeen = clock
        follow(event, skb, slot)
        store(record, event, skb, slot, emit)
        closeOverdue(emit)
        return .tracked
    }

    /// A copy or the end of an skb where no tracer shows it: moves the context on, but is no event of it.
    ///
    /// A copy lives on its own from here: it may wait in a queue long after the skb that it was made from has ended.
    private mutating func followLife(_ event: EventView, of context: UInt64) {
        guard let slot = table.slot(of: context) else { return }
        let isMade = !event.flags.contains(.free)
        let skb = isMade ? skbIndex(event.skb, in: slot) : knownSkbIndex(event.skb, in: slot) ?? StoredEvent.noSkb
        if isMade, skb == StoredEvent.noSkb { slots[slot].unlistedLiving += 1 }
        // The grace counts from here, and the lists stay in the order of this time.
        slots[slot].lastSeen = clock
        follow(event, skb, slot)
    }

    /// Tells the time, in nanoseconds of CLOCK_MONOTONIC. Call it when the ring has been emptied: a record that is
    /// still in the ring would come too late.
    public mutating func advance(to now: UInt64, _ emit: (FinishedContext) -> Void) {
        clock = max(clock, now)
        closeOverdue(emit)
    }

    /// Hands out everything at the end of the run, those that died first.
    public mutating func finish(_ emit: (FinishedContext) -> Void) {
        while let slot = lists.ending.firstSlot ?? lists.returning.firstSlot {
            close(slot, .died, emit)
        }
        while let slot = lists.living.firstSlot {
            close(slot, .runEnded, emit)
        }
    }

    private mutating func open(_ context: UInt64, _ emit: (FinishedContext) -> Void) -> Int {
        if freeSlots.isEmpty, unusedSlots == slots.count {
            closeOldest(sparing: nil, emit)
        }
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = Int(free)
        } else {
            slot = unusedSlots
            unusedSlots += 1
        }
        slots[slot] = ContextSlot()
        slots[slot].context = context
        table.insert(context, slot: slot)
        lists.append(slot, &slots)
        return slot
    }

    /// Finds or lists the skb of an event.
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

    private func knownSkbIndex(_ address: UInt64, in slot: Int) -> UInt8? {
        let start = slot * Self.maximumSkbs
        return (0..<slots[slot].skbCount).first { skbs[start + $0] == address }.map { UInt8($0) }
    }

    /// Every event shows that its skb is alive, but for the one that ends it, those that arrive late from before, and the
    /// return of a function. An skb that is not listed keeps its packet alive only if its making was seen, or as long as it
    /// is heard of.
    private mutating func follow(_ event: EventView, _ skb: UInt8, _ slot: Int) {
        let isFree = event.flags.contains(.free)
        if event.flags.contains(.functionReturn) {
            slots[slot].openCalls = max(0, slots[slot].openCalls - 1)
        } else if skb != StoredEvent.noSkb {
            let bit = UInt64(1) << UInt64(skb)
            let place = slot * Self.maximumSkbs + Int(skb)
            if isFree {
                slots[slot].living &= ~bit
                ends[place] = max(ends[place], event.timestamp)
            } else if event.timestamp > ends[place] || ends[place] == 0 {
                slots[slot].living |= bit
            }
        } else if isFree {
            slots[slot].unlistedLiving = max(0, slots[slot].unlistedLiving - 1)
        }
        if event.flags.contains(.call), !event.flags.contains(.functionReturn), limits.returnGrace != nil {
            slots[slot].openCalls += 1
        }
        lists.move(slot, to: phase(of: slots[slot], isFree: isFree), &slots)
    }

    private func phase(of slot: ContextSlot, isFree: Bool) -> ContextSlot.Phase {
        guard slot.living == 0, slot.unlistedLiving == 0, isFree || slot.phase != .living else { return .living }
        return slot.openCalls > 0 ? .returning : .ending
    }

    private mutating func store(
        _ record: RawSpan, _ event: EventView, _ skb: UInt8, _ slot: Int, _ emit: (FinishedContext) -> Void
    ) {
        let stored = StoredEvent(
            timestamp: event.timestamp, offset: 0, size: 0, hook: UInt16(event.hook), flags: event.flags.rawValue,
            skb: skb)
        var isKept = slots[slot].count < limit(for: event, slots[slot])
        while isKept, !arena.append(record, stored, to: &slots[slot].run) {
            isKept = closeOldest(sparing: slot, emit)
        }
        if isKept {
            slots[slot].count += 1
        } else {
            slots[slot].truncated += 1
            slots[slot].cutFrom = min(slots[slot].cutFrom, event.timestamp)
            counters.truncatedEvents += 1
        }
    }

    /// Ends are kept beyond the limit, so that it shows how a packet with too many events ended, and when; and so are
    /// returns, so that what was kept is complete.
    private func limit(for event: EventView, _ slot: ContextSlot) -> Int {
        if event.flags.contains(.free) { return limits.eventsPerContext + Self.maximumSkbs }
        guard let call = event.functionReturn, call.entered < slot.cutFrom else { return limits.eventsPerContext }
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

    /// Makes room: one that waits for late events is complete anyway. False if there is none but `spared`.
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
                hasUnlistedSkbs: state.hasUnlistedSkbs, livingSkbs: state.living,
                skbs: skbs.span.extracting(start..<start + state.skbCount), events: sorter.events.span,
                partners: pairing.partners.span, records: arena.bytes))
        counters.contexts += 1
        arena.release(&slots[slot].run)
        table.remove(state.context)
        lists.remove(slot, &slots)
        freeSlots.append(Int32(slot))
    }
}
