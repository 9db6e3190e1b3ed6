import Events

/// Pairs returns with calls among the events of one context.
///
/// A return repeats hook and skb of its call and has the call's start time. This distinguishes nested and recursive calls of
/// one function, on whichever CPU each of them ends. Memory is reused from one context to the next.
struct CallPairing {
    /// For each event the index of the other end; -1 if there is none.
    private(set) var partners: [Int32] = []
    /// Number of calls without a return.
    private(set) var unpairedCalls = 0
    private(set) var unpairedReturns = 0

    /// - Parameter events: sorted by time.
    mutating func pair(_ events: [StoredEvent], in arena: borrowing RecordArena) {
        partners.removeAll(keepingCapacity: true)
        unpairedCalls = 0
        unpairedReturns = 0
        var returns = 0
        for event in events {
            partners.append(-1)
            if event.has(.functionReturn) {
                returns += 1
            } else if event.has(.call) {
                unpairedCalls += 1
            }
        }
        guard returns > 0 else { return }
        for index in events.indices where events[index].has(.functionReturn) {
            guard let call = call(returningAt: index, events, arena.bytes) else {
                unpairedReturns += 1
                continue
            }
            partners[call] = Int32(index)
            partners[index] = Int32(call)
            unpairedCalls -= 1
        }
    }

    /// Finds the call that began at the return's start time. Two calls that began in the same nanosecond are interchangeable.
    private func call(returningAt index: Int, _ events: [StoredEvent], _ records: RawSpan) -> Int? {
        guard let end = EventView(records, events[index]), let began = end.functionReturn?.entered else { return nil }
        var candidate = Self.firstIndex(at: began, in: events)
        while candidate < events.count, events[candidate].timestamp == began {
            let event = events[candidate]
            if event.hook == events[index].hook, event.has(.call), !event.has(.functionReturn), partners[candidate] < 0,
                EventView(records, event)?.skb == end.skb
            {
                return candidate
            }
            candidate += 1
        }
        return nil
    }

    /// Index of the first event at or after the time.
    private static func firstIndex(at time: UInt64, in events: [StoredEvent]) -> Int {
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].timestamp < time {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

extension StoredEvent {
    func has(_ flag: EventFlags) -> Bool { EventFlags(rawValue: flags).contains(flag) }
}

extension EventView {
    /// Reads a stored record.
    @_lifetime(copy records)
    init?(_ records: RawSpan, _ event: StoredEvent) {
        self.init(records.extracting(event.offset..<event.offset + Int(event.size)))
    }
}
