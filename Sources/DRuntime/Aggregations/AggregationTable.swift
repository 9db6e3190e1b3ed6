/// An aggregation of user space: the rows that all CPUs have counted so far, minus what clear() and trunc() took away.
public struct AggregationTable: Sendable {
    /// With its `@`.
    public let name: String
    public let function: AggregatingFunction
    /// Set by normalize().
    public var normal: UInt64 = 1
    /// printa() has printed it, so that the end of the run does not.
    public var isPrinted = false

    /// How often clear() has emptied it; least and greatest values of earlier epochs do not count.
    public private(set) var epoch: Int64 = 0

    /// Counts of the kernel at the last refresh, by key.
    private var counted: [[Datum]: [Int64]] = [:]
    /// Counts at the time of clear() or trunc().
    private var taken: [[Datum]: [Int64]] = [:]
    /// Keys that trunc() has removed, until they are counted again.
    private var removed: Set<[Datum]> = []

    public init(_ name: String, _ function: AggregatingFunction) {
        self.name = name
        self.function = function
    }

    /// A key and its state.
    public struct Row: Sendable, Hashable {
        public var key: [Datum]
        public var state: [Int64]

        public init(key: [Datum], state: [Int64]) {
            self.key = key
            self.state = state
        }
    }

    /// Replaces what the kernel has counted. Rows with the same key, such as one per CPU, are merged.
    public mutating func refresh(_ rows: some Sequence<Row>) {
        var fresh: [[Datum]: [Int64]] = [:]
        for row in rows {
            if fresh[row.key] == nil {
                fresh[row.key] = row.state
            } else {
                function.merge(&fresh[row.key]!, row.state)
            }
        }
        removed = removed.filter { fresh[$0] == counted[$0] }
        counted = fresh
    }

    /// The rows since the last clear(), unordered.
    public var rows: [Row] {
        counted.compactMap { key, state in
            guard !removed.contains(key) else { return nil }
            return Row(key: key, state: since(state, key))
        }
    }

    private func since(_ state: [Int64], _ key: [Datum]) -> [Int64] {
        if function.hasEpochs { return state.last == epoch ? state : [0, 0, epoch] }
        guard let earlier = taken[key] else { return state }
        var rest = state
        function.subtract(&rest, earlier)
        return rest
    }

    /// Sets all values to zero and keeps the keys.
    public mutating func clear() {
        epoch += 1
        taken = counted
    }

    /// Keeps the rows with the greatest values, or the least if the number is negative; nil: none.
    public mutating func truncate(to count: Int?, by order: RowOrder = RowOrder()) {
        let sorted = order.sorted(rows, function)
        if count == nil { epoch += 1 }
        let kept = count.map { $0 >= 0 ? sorted.suffix($0) : sorted.prefix(-max($0, -Int.max)) } ?? []
        let keys = Set(kept.map(\.key))
        for row in sorted where !keys.contains(row.key) {
            removed.insert(row.key)
            taken[row.key] = counted[row.key]
        }
    }

    public func value(_ state: [Int64]) -> Int64 { function.value(state, normal: normal) }
}

/// The order of rows: options aggsortkey, aggsortkeypos, aggsortpos and aggsortrev.
public struct RowOrder: Sendable {
    public var byKey = false
    public var isReversed = false
    /// The part of the key that is compared first.
    public var keyPosition = 0
    /// Of several aggregations printed together, the one whose value decides.
    public var position = 0

    public init() {}

    public func sorted(_ rows: [AggregationTable.Row], _ function: AggregatingFunction) -> [AggregationTable.Row] {
        let valued = rows.map { ($0, function.value($0.state)) }
        return valued.sorted { precedes($0.0.key, $0.1, $1.0.key, $1.1) }.map(\.0)
    }

    /// Ascending by value, then by key; or by key, then by value.
    func precedes(_ key: [Datum], _ value: Int64, _ otherKey: [Datum], _ otherValue: Int64) -> Bool {
        let order =
            byKey
            ? compare(key, otherKey) ?? (value == otherValue ? nil : value < otherValue)
            : (value == otherValue ? nil : value < otherValue) ?? compare(key, otherKey)
        guard let order else { return false }
        return order != isReversed
    }

    /// Returns nil for equal keys.
    private func compare(_ one: [Datum], _ other: [Datum]) -> Bool? {
        let count = min(one.count, other.count)
        for index in 0..<count {
            let place = (index + max(keyPosition, 0)) % count
            if one[place] != other[place] { return one[place] < other[place] }
        }
        return nil
    }
}
