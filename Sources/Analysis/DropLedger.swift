public import Events

/// Drops by row: in the current interval and since the start. Bounded memory: rows that find no room, and rows that had
/// to leave, are counted together as "others", so that the sum is exact whatever comes.
public struct DropLedger: Sendable {
    private struct Row {
        var current = DropSum()
        var total = DropSum()
    }

    private var rows: [DropKey: Row] = [:]
    private var otherCurrent = DropSum()
    private var otherTotal = DropSum()
    private let limit: Int

    /// - Parameter limit: rows that are kept.
    public init(limit: Int = 1 << 16) {
        self.limit = max(limit, 1)
    }

    /// Drops of one row in the current interval.
    public mutating func add(_ sum: DropSum, to key: DropKey) {
        if rows[key] == nil, rows.count >= limit { makeRoom() }
        rows[key, default: Row()].current.add(sum)
    }

    /// Drops of the current interval that belong to no row.
    public mutating func addOther(_ sum: DropSum) {
        otherCurrent.add(sum)
    }

    /// Ends the interval.
    ///
    /// - Parameters:
    ///   - seconds: how long it took.
    ///   - showsIdle: with the rows that had no drops in it, but before.
    public mutating func closeInterval(seconds: Double, showsIdle: Bool = false) -> DropBlock {
        fold()
        let active = rows.compactMap { key, row -> DropBlock.Row? in
            row.current.packets == 0 && !showsIdle
                ? nil : DropBlock.Row(key: key, sum: row.current, total: row.total.packets)
        }
        let block = DropBlock(
            seconds: seconds, rows: active, other: otherCurrent, sinceStart: sinceStart, isFinal: false)
        for key in rows.keys { rows[key]?.current = DropSum() }
        otherCurrent = DropSum()
        return block
    }

    /// The whole run: every row that is kept.
    ///
    /// - Parameter seconds: how long it took.
    public mutating func finish(seconds: Double) -> DropBlock {
        fold()
        let all = rows.map { key, row in DropBlock.Row(key: key, sum: row.total, total: row.total.packets) }
        return DropBlock(seconds: seconds, rows: all, other: otherTotal, sinceStart: sinceStart, isFinal: true)
    }

    private var sinceStart: DropSum {
        rows.values.reduce(into: otherTotal) { $0.add($1.total) }
    }

    /// Adds what is new to the totals.
    private mutating func fold() {
        for key in rows.keys {
            guard let current = rows[key]?.current, current.packets > 0 else { continue }
            rows[key]?.total.add(current)
        }
        otherTotal.add(otherCurrent)
    }

    /// The half with the fewest drops leaves. Its past is no longer told apart, but still counted.
    private mutating func makeRoom() {
        let weakest = rows.sorted {
            ($0.value.current.packets, $0.value.total.packets) < ($1.value.current.packets, $1.value.total.packets)
        }
        for (key, row) in weakest.prefix((rows.count + 1) / 2) {
            otherTotal.add(row.total)
            otherCurrent.add(row.current)
            rows[key] = nil
        }
    }
}

/// Packets, and their bytes from the network header on.
public struct DropSum: Sendable, Equatable {
    public var packets: UInt64
    public var bytes: UInt64

    public init(packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }

    mutating func add(_ other: DropSum) {
        packets &+= other.packets
        bytes &+= other.bytes
    }
}

/// What was dropped in one interval, or in the whole run.
public struct DropBlock: Sendable {
    public struct Row: Sendable {
        public var key: DropKey
        /// In the time of the block.
        public var sum: DropSum
        /// Packets since the start of the run.
        public var total: UInt64
    }

    public var seconds: Double
    /// The most frequent first.
    public var rows: [Row]
    /// Drops in the time of the block that are in no row.
    public var other: DropSum
    public var sinceStart: DropSum
    /// The whole run, not an interval of it.
    public var isFinal: Bool

    init(seconds: Double, rows: [Row], other: DropSum, sinceStart: DropSum, isFinal: Bool) {
        self.seconds = seconds
        // Rows with equal counts keep their order from block to block.
        self.rows = rows.sorted { left, right in
            left.sum.packets != right.sum.packets
                ? left.sum.packets > right.sum.packets
                : left.total != right.total ? left.total > right.total : left.key < right.key
        }
        self.other = other
        self.sinceStart = sinceStart
        self.isFinal = isFinal
    }

    /// All drops in the time of the block: those in rows and the others.
    public var sum: DropSum { rows.reduce(into: other) { $0.add($1.sum) } }

    /// Packets per second.
    public func rate(of sum: DropSum) -> Double { seconds > 0 ? Double(sum.packets) / seconds : 0 }
}

extension DropKey {
    /// Some order that does not change.
    fileprivate static func < (left: DropKey, right: DropKey) -> Bool {
        if left.place != right.place { return left.place < right.place }
        if left.addresses != right.addresses { return left.addresses < right.addresses }
        if left.protocols != right.protocols { return left.protocols < right.protocols }
        return left.device.lexicographicallyPrecedes(right.device)
    }

    private var place: (UInt32, UInt64, UInt32) { (reason, location, netns) }
    private var addresses: (UInt64, UInt64, UInt64, UInt64) {
        (source.high, source.low, destination.high, destination.low)
    }
    private var protocols: (UInt16, UInt8, UInt16, UInt16) { (etherType, transport, sourcePort, destinationPort) }
}
