public import Events

/// Drops by row.
public typealias DropLedger = RowLedger<DropKey, DropSum>
/// Drops of one interval, or of the whole run.
public typealias DropBlock = RowBlock<DropKey, DropSum>

/// Number of packets, and their bytes from the network header on.
public struct DropSum: RowSum, Equatable {
    public var packets: UInt64
    public var bytes: UInt64

    public init() { self.init(packets: 0) }

    public init(packets: UInt64, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }

    public mutating func add(_ other: DropSum) {
        packets &+= other.packets
        bytes &+= other.bytes
    }

    public var weight: UInt64 { packets }
}

extension DropKey: RowKey {
    public func precedes(_ other: DropKey) -> Bool {
        if place != other.place { return place < other.place }
        if addresses != other.addresses { return addresses < other.addresses }
        if protocols != other.protocols { return protocols < other.protocols }
        return device.lexicographicallyPrecedes(other.device)
    }

    private var place: (UInt32, UInt64, UInt32) { (reason, location, netns) }
    private var addresses: (UInt64, UInt64, UInt64, UInt64) {
        (source.high, source.low, destination.high, destination.low)
    }
    private var protocols: (UInt16, UInt8, UInt16, UInt16) { (etherType, transport, sourcePort, destinationPort) }
}
