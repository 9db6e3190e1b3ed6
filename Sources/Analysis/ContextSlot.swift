import Events

/// A context whose events are being collected.
struct ContextSlot: BitwiseCopyable {
    var context: UInt64 = 0
    var run = RecordArena.Run()
    /// Number of events that were kept; `truncated` is the number of those that were not.
    var count = 0
    var truncated = 0
    /// Number of kept events that are not shown.
    var unshown = 0
    /// Number of events that the filter hid, kept or not.
    var hidden = 0
    var skbCount = 0
    var hasUnlistedSkbs = false
    /// Number of copies that are not listed, and whose creation but not whose end was seen.
    var unlistedLiving = 0
    /// One bit per listed skb, set while it is alive.
    var living: UInt64 = 0
    /// The tracker's clock at the last event.
    var lastSeen: UInt64 = 0
    var phase = Phase.living
    /// Number of functions that were entered and have not returned.
    var openCalls = 0
    /// Time of the first event that was not kept; returns of calls before it are still kept.
    var cutFrom = UInt64.max
    /// Neighbours in its list; -1 if there is none.
    fileprivate var previous: Int32 = -1
    fileprivate var next: Int32 = -1
}

extension ContextSlot {
    /// Records an event, and returns the phase that follows. An unlisted skb keeps its packet alive only if its creation was
    /// seen, or as long as events of it arrive.
    ///
    /// - Parameters:
    ///   - skb: index of the event's skb, or `StoredEvent.noSkb`.
    ///   - showsLife: whether the event proves that this skb is alive.
    ///   - countsCalls: whether to wait for the returns of functions.
    mutating func follow(_ flags: EventFlags, _ skb: UInt8, showsLife: Bool, countsCalls: Bool) -> Phase {
        let isFree = flags.contains(.free)
        if flags.contains(.functionReturn) {
            openCalls = max(0, openCalls - 1)
        } else {
            if skb == StoredEvent.noSkb {
                if isFree { unlistedLiving = max(0, unlistedLiving - 1) }
            } else if isFree {
                living &= ~(1 << UInt64(skb))
            } else if showsLife {
                living |= 1 << UInt64(skb)
            }
            if countsCalls, flags.contains(.call) { openCalls += 1 }
        }
        guard living == 0, unlistedLiving == 0, isFree || phase != .living else { return .living }
        return openCalls > 0 ? .returning : .ending
    }

    enum Phase {
        /// An skb is alive, or none has been freed.
        case living
        /// All known skbs have been freed, but not all functions that saw the packet have returned.
        case returning
        /// The context only waits for late events of other CPUs.
        case ending
    }
}

/// The three lists of a tracker, one for each phase. A slot is in the list of its phase.
struct PhaseLists: BitwiseCopyable {
    private(set) var living = SlotList()
    private(set) var returning = SlotList()
    private(set) var ending = SlotList()

    mutating func append(_ slot: Int, _ slots: inout [ContextSlot]) {
        var slots = slots.mutableSpan
        change(slots[slot].phase) { $0.append(slot, &slots) }
    }

    mutating func remove(_ slot: Int, _ slots: inout [ContextSlot]) {
        var slots = slots.mutableSpan
        change(slots[slot].phase) { $0.remove(slot, &slots) }
    }

    /// Moves the slot to the end of its new phase's list.
    mutating func move(_ slot: Int, to phase: ContextSlot.Phase, _ slots: inout [ContextSlot]) {
        var slots = slots.mutableSpan
        let before = slots[slot].phase
        if phase == before {
            change(phase) { $0.moveToEnd(slot, &slots) }
        } else {
            change(before) { $0.remove(slot, &slots) }
            slots[slot].phase = phase
            change(phase) { $0.append(slot, &slots) }
        }
    }

    private mutating func change(_ phase: ContextSlot.Phase, _ body: (inout SlotList) -> Void) {
        switch phase {
        case .living: body(&living)
        case .returning: body(&returning)
        case .ending: body(&ending)
        }
    }
}

/// A linked list of slots, sorted by the time of their last event, the earliest first.
struct SlotList: BitwiseCopyable {
    private var first: Int32 = -1
    private var last: Int32 = -1

    var firstSlot: Int? { first < 0 ? nil : Int(first) }

    mutating func append(_ slot: Int, _ slots: inout MutableSpan<ContextSlot>) {
        slots[slot].previous = last
        slots[slot].next = -1
        if last >= 0 {
            slots[Int(last)].next = Int32(slot)
        } else {
            first = Int32(slot)
        }
        last = Int32(slot)
    }

    mutating func remove(_ slot: Int, _ slots: inout MutableSpan<ContextSlot>) {
        let previous = slots[slot].previous
        let next = slots[slot].next
        if previous >= 0 {
            slots[Int(previous)].next = next
        } else {
            first = next
        }
        if next >= 0 {
            slots[Int(next)].previous = previous
        } else {
            last = previous
        }
    }

    mutating func moveToEnd(_ slot: Int, _ slots: inout MutableSpan<ContextSlot>) {
        guard last != Int32(slot) else { return }
        remove(slot, &slots)
        append(slot, &slots)
    }
}
