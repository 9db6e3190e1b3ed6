/// Assigns short numbers to packets, from 1 in the order of appearance.
///
/// Bounded: remembers the last `capacity` packets. An older packet gets a new number if it appears again.
public struct PacketNumbers: Sendable {
    private var table: ContextTable
    /// The contexts by `number % capacity`; 0 if unused.
    private var contexts: [UInt64]
    private var latest: UInt64 = 0

    /// - Parameter capacity: number of packets to remember, at least 1.
    public init(capacity: Int = 16384) {
        table = ContextTable(capacity: max(1, capacity))
        contexts = Array(repeating: 0, count: max(1, capacity))
    }

    /// The number of a packet (`EventView.context`); a new one if the packet is not known.
    public mutating func number(of context: UInt64) -> UInt64 {
        let capacity = UInt64(contexts.count)
        if let place = table.slot(of: context) {
            // Its number is the latest one that maps to this place.
            return latest - (latest - UInt64(place)) % capacity
        }
        latest += 1
        let place = Int(latest % capacity)
        if contexts[place] != 0 { table.remove(contexts[place]) }
        contexts[place] = context
        table.insert(context, slot: place)
        return latest
    }
}
