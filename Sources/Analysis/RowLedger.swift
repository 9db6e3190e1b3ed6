/// What tells one row of a table from another.
public protocol RowKey: Hashable, Sendable {
    /// Some order that does not change: rows that are equal otherwise keep theirs from block to block.
    func precedes(_ other: Self) -> Bool
}

/// What a row has counted.
public protocol RowSum: Sendable {
    /// Nothing.
    init()
    mutating func add(_ other: Self)
    /// How often something was counted; the heaviest rows come first.
    var weight: UInt64 { get }
}

/// What was counted by row: in the current interval and since the start. Bounded memory: rows that find no room, and
/// rows that had to leave, are counted together as "others", so that the sum is exact whatever comes.
public struct RowLedger<Key: RowKey, Sum: RowSum>: Sendable {
    private struct Row {
        var current = Sum()
        var total = Sum()
    }

    private var rows: [Key: Row] = [:]
    private var otherCurrent = Sum()
    private var otherTotal = Sum()
    private let limit: Int

    /// - Parameter limit: rows that are kept.
    public init(limit: Int = 1 << 16) {
        self.limit = max(limit, 1)
    }

    /// What one row has counted in the current interval.
    public mutating func add(_ sum: Sum, to key: Key) {
        if rows[key] == nil, rows.count >= limit { makeRoom() }
        rows[key, default: Row()].current.add(sum)
    }

    /// What was counted in the current interval, and belongs to no row.
    public mutating func addOther(_ sum: Sum) {
        otherCurrent.add(sum)
    }

    /// Ends the interval.
    ///
    /// - Parameters:
    ///   - seconds: how long it took.
    ///   - showsIdle: with the rows that counted nothing in it, but before.
    public mutating func closeInterval(seconds: Double, showsIdle: Bool = false) -> RowBlock<Key, Sum> {
        fold()
        let active = rows.compactMap { key, row -> RowBlock<Key, Sum>.Row? in
            row.current.weight == 0 && !showsIdle ? nil : .init(key: key, sum: row.current, total: row.total.weight)
        }
        let block = RowBlock(
            seconds: seconds, rows: active, other: otherCurrent, sinceStart: sinceStart, isFinal: false)
        for key in rows.keys { rows[key]?.current = Sum() }
        otherCurrent = Sum()
        return block
    }

    /// The whole run: every row that is kept.
    ///
    /// - Parameter seconds: how long it took.
    public mutating func finish(seconds: Double) -> RowBlock<Key, Sum> {
        fold()
        let all = rows.map { key, row in
            RowBlock<Key, Sum>.Row(key: key, sum: row.total, total: row.total.weight)
        }
        return RowBlock(seconds: seconds, rows: all, other: otherTotal, sinceStart: sinceStart, isFinal: true)
    }

    private var sinceStart: Sum {
        rows.values.reduce(into: otherTotal) { $0.add($1.total) }
    }

    /// Adds what is new to the totals.
    private mutating func fold() {
        for key in rows.keys {
            guard let current = rows[key]?.current, current.weight > 0 else { continue }
            rows[key]?.total.add(current)
        }
        otherTotal.add(otherCurrent)
    }

    /// The lighter half leaves. Its past is no longer told apart, but still counted.
    private mutating func makeRoom() {
        let weakest = rows.sorted {
            ($0.value.current.weight, $0.value.total.weight) < ($1.value.current.weight, $1.value.total.weight)
        }
        for (key, row) in weakest.prefix((rows.count + 1) / 2) {
            otherTotal.add(row.total)
            otherCurrent.add(row.current)
            rows[key] = nil
        }
    }
}

/// What was counted in one interval, or in the whole run.
public struct RowBlock<Key: RowKey, Sum: RowSum>: Sendable {
    public struct Row: Sendable {
        public var key: Key
        /// In the time of the block.
        public var sum: Sum
        /// How often, since the start of the run.
        public var total: UInt64
    }

    public var seconds: Double
    /// The heaviest first.
    public var rows: [Row]
    /// What was counted in the time of the block and is in no row.
    public var other: Sum
    public var sinceStart: Sum
    /// The whole run, not an interval of it.
    public var isFinal: Bool

    init(seconds: Double, rows: [Row], other: Sum, sinceStart: Sum, isFinal: Bool) {
        self.seconds = seconds
        self.rows = rows
        self.other = other
        self.sinceStart = sinceStart
        self.isFinal = isFinal
        sort { left, right in left.sum.weight > right.sum.weight }
    }

    /// Puts the rows into another order; those that are equal in it go by weight.
    public mutating func sort(by comesFirst: (Row, Row) -> Bool) {
        rows.sort { left, right in
            if comesFirst(left, right) { return true }
            if comesFirst(right, left) { return false }
            if left.sum.weight != right.sum.weight { return left.sum.weight > right.sum.weight }
            return left.total != right.total ? left.total > right.total : left.key.precedes(right.key)
        }
    }

    /// Everything in the time of the block: what is in rows and the others.
    public var sum: Sum { rows.reduce(into: other) { $0.add($1.sum) } }

    /// Per second.
    public func rate(of sum: Sum) -> Double { seconds > 0 ? Double(sum.weight) / seconds : 0 }
}
