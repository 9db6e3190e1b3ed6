/// Maps context numbers to slots: open addressing with linear probing in fixed memory.
///
/// Removing an entry moves later ones back, so that there are no tombstones and no rehashing.
struct ContextTable: Sendable {
    /// 0 if the place is empty; no context has this number.
    private var keys: [UInt64]
    private var slots: [Int32]
    private let mask: Int
    private let shift: UInt64

    /// - Parameter capacity: maximum number of entries; twice as many places keep probes short.
    init(capacity: Int) {
        let bits = Int.bitWidth - max(2, capacity * 2 - 1).leadingZeroBitCount
        keys = Array(repeating: 0, count: 1 << bits)
        slots = Array(repeating: 0, count: 1 << bits)
        mask = 1 << bits - 1
        shift = UInt64(64 - bits)
    }

    func slot(of context: UInt64) -> Int? {
        var place = home(of: context)
        while keys[place] != context {
            guard keys[place] != 0 else { return nil }
            place = (place + 1) & mask
        }
        return Int(slots[place])
    }

    /// Inserts a context, which must be new and not 0. The table must not be full.
    mutating func insert(_ context: UInt64, slot: Int) {
        var place = home(of: context)
        while keys[place] != 0 {
            place = (place + 1) & mask
        }
        keys[place] = context
        slots[place] = Int32(slot)
    }

    mutating func remove(_ context: UInt64) {
        var hole = home(of: context)
        while keys[hole] != context {
            guard keys[hole] != 0 else { return }
            hole = (hole + 1) & mask
        }
        var place = hole
        while true {
            place = (place + 1) & mask
            guard keys[place] != 0 else { break }
            // An entry may move back to the hole only if the hole is not before its home place.
            guard (place - home(of: keys[place])) & mask >= (place - hole) & mask else { continue }
            keys[hole] = keys[place]
            slots[hole] = slots[place]
            hole = place
        }
        keys[hole] = 0
    }

    /// Fibonacci hashing, which distributes consecutive numbers evenly.
    private func home(of context: UInt64) -> Int {
        Int(truncatingIfNeeded: (context &* 0x9e37_79b9_7f4a_7c15) >> shift)
    }
}
