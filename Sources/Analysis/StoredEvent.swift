/// The location of a copied record, with the fields needed to sort it and to determine its packet's end.
struct StoredEvent: BitwiseCopyable {
    /// Nanoseconds of CLOCK_MONOTONIC.
    var timestamp: UInt64
    /// Offset of the record's bytes in the arena.
    var offset: Int
    /// The bytes of `size`, in two parts so that the struct has 24 bytes.
    private var lowSize: UInt16
    /// Index into the attach plan's hooks.
    var hook: UInt16
    /// Raw value of `EventFlags`.
    var flags: UInt16
    /// Index into the context's skbs; `noSkb` if the hook has only a socket, or if the skb is not listed.
    var skb: UInt8
    private var highSize: UInt8

    /// Bytes of the record, below 16 MiB.
    var size: UInt32 {
        get { UInt32(highSize) << 16 | UInt32(lowSize) }
        set {
            lowSize = UInt16(truncatingIfNeeded: newValue)
            highSize = UInt8(truncatingIfNeeded: newValue >> 16)
        }
    }

    init(timestamp: UInt64, offset: Int, size: UInt32, hook: UInt16, flags: UInt16, skb: UInt8) {
        self.timestamp = timestamp
        self.offset = offset
        lowSize = UInt16(truncatingIfNeeded: size)
        self.hook = hook
        self.flags = flags
        self.skb = skb
        highSize = UInt8(truncatingIfNeeded: size >> 16)
    }

    static let noSkb = UInt8.max
}

/// Sorts events by time, in memory that is reused from one context to the next.
///
/// The ring is sorted by time except for events of different CPUs within microseconds: most lists are sorted already,
/// or nearly so. A bottom-up merge sort reads such a list once per level and moves few events. It is stable, so that
/// events of the same nanosecond keep the order of the ring.
struct EventSorter: ~Copyable {
    private(set) var events: [StoredEvent] = []
    private var merged: [StoredEvent] = []

    mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
    }

    mutating func append(_ event: StoredEvent) {
        events.append(event)
    }

    mutating func sort() {
        guard !isSorted else { return }
        merged.removeAll(keepingCapacity: true)
        merged.append(contentsOf: events)
        var width = 1
        while width < events.count {
            var low = 0
            while low + width < events.count {
                merge(low, low + width, min(low + 2 * width, events.count))
                low += 2 * width
            }
            width *= 2
        }
    }

    private var isSorted: Bool {
        for index in events.indices.dropFirst() where events[index].timestamp < events[index - 1].timestamp {
            return false
        }
        return true
    }

    /// Merges the sorted runs [low, middle) and [middle, high).
    private mutating func merge(_ low: Int, _ middle: Int, _ high: Int) {
        guard events[middle].timestamp < events[middle - 1].timestamp else { return }
        for index in low..<middle {
            merged[index] = events[index]
        }
        var left = low
        var right = middle
        var target = low
        while left < middle {
            if right < high, events[right].timestamp < merged[left].timestamp {
                events[target] = events[right]
                right += 1
            } else {
                events[target] = merged[left]
                left += 1
            }
            target += 1
        }
    }
}
