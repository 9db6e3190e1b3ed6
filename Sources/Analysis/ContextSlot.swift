/// One context that is being collected.
struct ContextSlot: BitwiseCopyable {
    var context: UInt64 = 0
    var run = RecordArena.Run()
    /// Events kept and events not kept.
    var count = 0
    var truncated = 0
    var skbCount = 0
    var hasUnlistedSkbs = false
    /// One bit per listed skb that is alive.
    var living: UInt64 = 0
    /// The tracker's clock at the last event.
    var lastSeen: UInt64 = 0
    /// All known skbs have been freed: it waits for events that other CPUs report late.
    var isEnding = false
    /// Neighbours in the list that it is in; -1: none.
    fileprivate var previous: Int32 = -1
    fileprivate var next: Int32 = -1
}

/// A list of slots, linked inside them: the one whose last event is longest ago comes first.
struct SlotList: BitwiseCopyable {
    private var first: Int32 = -1
    private var last: Int32 = -1

    var firstSlot: Int? { first < 0 ? nil : Int(first) }

    mutating func append(_ slot: Int, _ slots: inout [ContextSlot]) {
        slots[slot].previous = last
        slots[slot].next = -1
        if last >= 0 {
            slots[Int(last)].next = Int32(slot)
        } else {
            first = Int32(slot)
        }
        last = Int32(slot)
    }

    mutating func remove(_ slot: Int, _ slots: inout [ContextSlot]) {
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

    mutating func moveToEnd(_ slot: Int, _ slots: inout [ContextSlot]) {
        guard last != Int32(slot) else { return }
        remove(slot, &slots)
        append(slot, &slots)
    }
}
