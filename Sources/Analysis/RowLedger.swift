/// Identifies a row of a table.
public protocol RowKey: Hashable, Sendable {
    /// A fixed order: rows that are equal otherwise keep their order from block to block.
    func precedes(_ other: Self) -> Bool
}

/// The counts of a row.
public protocol RowSum: Sendable {
    /// All counts are 0.
    init()
    mutating func add(_ other: Self)
    /// Number of counted occurrences; rows with the largest weight come first.
    var weight: UInt64 { get }
}

/// Counts by row, in the current interval and since the start. Bounded memory: rows without room and evicted rows are
/// counted together as "others", so that the sum is always exact.
public struct RowLedger<Key: RowKey, Sum: RowSum>: Sendable {
    private struct Row {
        var current = Sum()
        var total = Sum()
    }

    private var rows: [Key: Row] = [:]
    private var otherCurrent = Sum()
    private var otherTotal = Sum()
    private let limit: Int

    /// - Parameter limit: maximum number of rows.
    public init(limit: Int = 1 << 16) {
        self.limit = max(limit, 1)
    }

    /// Adds counts to one row of the current interval.
    public mutating func add(_ sum: Sum, to key: Key) {
        if rows[key] == nil, rows.count >= limit { makeRoom() }
        rows[key, default: Row()].current.add(sum)
    }

    /// Adds counts of the current interval that belong to no row.
    public mutating func addOther(_ sum: Sum) {
        otherCurrent.add(sum)
    }

    /// Ends the interval and returns its rows.
    ///
    /// - Parameters:
    ///   - seconds: duration of the interval.
    ///   - showsIdle: whether to include rows that counted something earlier, but nothing in this interval.
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

    /// All kept rows, for the whole run.
    ///
    /// - Parameter seconds: duration of the run.
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

    /// Adds the current counts to the totals.
    private mutating func fold() {
        for key in rows.keys {
            guard let current = rows[key]?.current, current.weight > 0 else { continue }
            rows[key]?.total.add(current)
        }
        otherTotal.add(otherCurrent)
    }

    /// Evicts the half with the smallest weights. Their counts move to the others.
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

/// Counts of one interval, or of the whole run.
public struct RowBlock<Key: RowKey, Sum: RowSum>: Sendable {
    public struct Row: Sendable {
        public var key: Key
        /// Counts in the time of the block.
        public var sum: Sum
        /// Weight since the start of the run.
        public var total: UInt64
    }

    public var seconds: Double
    /// Sorted by weight, largest first.
    public var rows: [Row]
    /// Counts in the time of the block that belong to no row.
    public var other: Sum
    public var sinceStart: Sum
    /// Whether the block covers the whole run instead of an interval.
    public var isFinal: Bool

    init(seconds: Double, rows: [Row], other: Sum, sinceStart: Sum, isFinal: Bool) {
        self.seconds = seconds
        self.rows = rows
        self.other = other
        self.sinceStart = sinceStart
        self.isFinal = isFinal
        sort { left, right in left.sum.weight > right.sum.weight }
    }

    /// Sorts the rows; rows that compare as equal are sorted by weight.
    public mutating func sort(by comesFirst: (Row, Row) -> Bool) {
        rows.sort { left, right in
            if comesFirst(left, right) { return true }
            if comesFirst(right, left) { return false }
            if left.sum.weight != right.sum.weight { return left.sum.weight > right.sum.weight }
            return left.total != right.total ? left.total > right.total : left.key.precedes(right.key)
        }
    }

    /// All counts in the time of the block: rows and others.
    public var sum: Sum { rows.reduce(into: other) { $0.add($1.sum) } }

    /// Weight per second.
    public func rate(of sum: Sum) -> Double { seconds > 0 ? Double(sum.weight) / seconds : 0 }
}
