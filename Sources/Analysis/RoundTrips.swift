public import Events

/// Round-trip times by row.
public typealias RoundTripLedger = RowLedger<RoundTripKey, RoundTrips>
/// Measurements of one interval, or of the whole run.
public typealias RoundTripBlock = RowBlock<RoundTripKey, RoundTrips>

/// Round-trip times that the kernel has counted: their distribution, as precise as its parts.
public struct RoundTrips: RowSum, Equatable {
    public private(set) var count: UInt64 = 0
    private var sum: UInt64 = 0
    /// Microseconds; 0 if nothing was counted.
    public private(set) var minimum: UInt64 = 0
    /// Microseconds; 0 if nothing was counted.
    public private(set) var maximum: UInt64 = 0
    /// Empty if nothing was counted, as in most rows of most intervals.
    private var parts: [UInt64] = []

    public init() {}

    /// Times of which only the number is known: the kernel had no room for their rows.
    public init(unknown count: UInt64) { self.count = count }

    /// The counts of the kernel for one interval. Its minimum and maximum are limited to the range of the parts, which
    /// are always correct.
    public init(_ row: RoundTripRow) {
        guard let first = row.parts.firstIndex(where: { $0 > 0 }), let last = row.parts.lastIndex(where: { $0 > 0 })
        else { return }
        parts = row.parts.map(UInt64.init)
        count = parts.reduce(0, &+)
        sum = row.sum
        minimum = UInt64(row.minimum).limited(to: RoundTripRow.times(in: first))
        maximum = UInt64(row.maximum).limited(to: RoundTripRow.times(in: last))
    }

    public mutating func add(_ other: RoundTrips) {
        if !other.parts.isEmpty {
            minimum = parts.isEmpty ? other.minimum : min(minimum, other.minimum)
            maximum = max(maximum, other.maximum)
            if parts.isEmpty {
                parts = other.parts
            } else {
                for index in parts.indices { parts[index] &+= other.parts[index] }
            }
        }
        count &+= other.count
        sum &+= other.sum
    }

    public var weight: UInt64 { count }

    /// Microseconds.
    public var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

    /// The time that a `share` (0 to 1) of all times does not exceed, in microseconds: differs by at most 3.2 % from a
    /// measured time.
    public func percentile(_ share: Double) -> UInt64 {
        let known = parts.reduce(0, &+)
        let rank = max(1, (share * Double(known)).rounded(.up))
        guard known > 0, rank < Double(known) else { return maximum }
        var seen: UInt64 = 0
        for (index, count) in parts.enumerated() where count > 0 {
            seen += count
            guard Double(seen) >= rank else { continue }
            let times = RoundTripRow.times(in: index)
            return ((times.lowerBound + times.upperBound) / 2).limited(to: minimum...maximum)
        }
        return maximum
    }

    /// Counts by powers of two, from the first non-empty bucket to the last.
    public var buckets: [LatencyHistogram.Bucket] {
        var powers: [Int: UInt64] = [:]
        for (index, count) in parts.enumerated() where count > 0 {
            let time = RoundTripRow.times(in: index).lowerBound
            powers[UInt64.bitWidth - time.leadingZeroBitCount, default: 0] += count
        }
        guard let first = powers.keys.min(), let last = powers.keys.max() else { return [] }
        return (first...last).map { power in
            let upper: UInt64 = 1 << UInt64(power)
            return .init(lower: power == 0 ? 0 : upper / 2, upper: upper, count: powers[power] ?? 0)
        }
    }
}

extension RoundTripKey: RowKey {
    public func precedes(_ other: RoundTripKey) -> Bool {
        if addresses != other.addresses { return addresses < other.addresses }
        return numbers < other.numbers
    }

    private var addresses: (UInt64, UInt64, UInt64, UInt64) { (remote.high, remote.low, local.high, local.low) }
    private var numbers: (UInt16, UInt16, UInt16, UInt16, UInt32) {
        (service, remotePort, localPort, etherType, netns)
    }
}

extension UInt64 {
    fileprivate func limited(to range: ClosedRange<UInt64>) -> UInt64 {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
