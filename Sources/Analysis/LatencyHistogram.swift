/// Counts durations in fixed memory: their distribution by powers of two, and percentiles within 1 %.
public struct LatencyHistogram: Sendable {
    /// Durations below `2 * halves` are exact. Above, each power of two is divided into `halves` equal parts, so that
    /// the middle of a part differs from the measured duration by at most 1 / (2 * halves) = 0.4 %.
    private static let halves = 128
    private static let halfBits = 7

    private var parts = [UInt64](repeating: 0, count: (UInt64.bitWidth - halfBits + 1) * halves)
    /// Counts by powers of two of whole microseconds: 0, 1, 2 to 3, 4 to 7, …
    private var powers = [UInt64](repeating: 0, count: UInt64.bitWidth + 1)

    public private(set) var count: UInt64 = 0
    /// Nanoseconds, exact; 0 if the histogram is empty.
    public private(set) var minimum: UInt64 = 0
    /// Nanoseconds, exact; 0 if the histogram is empty.
    public private(set) var maximum: UInt64 = 0
    /// 128 bits, so that the sum cannot overflow.
    private var sum: UInt128 = 0

    public init() {}

    /// Counts one duration in nanoseconds.
    public mutating func record(_ duration: UInt64) {
        minimum = count == 0 ? duration : min(minimum, duration)
        maximum = max(maximum, duration)
        count += 1
        sum += UInt128(duration)
        parts[Self.part(of: duration)] += 1
        let microseconds = duration / 1000
        powers[UInt64.bitWidth - microseconds.leadingZeroBitCount] += 1
    }

    /// Nanoseconds; 0 if the histogram is empty.
    public var mean: UInt64 { count == 0 ? 0 : UInt64(sum / UInt128(count)) }

    /// The duration that a `share` (0 to 1) of all durations does not exceed, in nanoseconds; 0 if the histogram is
    /// empty.
    public func percentile(_ share: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        // The last duration is known exactly. It is also returned for ranks beyond the precision of Double.
        let exactRank = (share * Double(count)).rounded(.up)
        guard exactRank < Double(count) else { return maximum }
        let rank = UInt64(max(1, exactRank))
        var seen: UInt64 = 0
        for (index, count) in parts.enumerated() where count > 0 {
            seen += count
            if seen >= rank { return min(max(Self.middle(of: index), minimum), maximum) }
        }
        return maximum
    }

    /// One line of the histogram: durations from `lower` up to, but not including, `upper`, in microseconds.
    public struct Bucket: Sendable, Equatable {
        public let lower: UInt64
        public let upper: UInt64
        public let count: UInt64

        public init(lower: UInt64, upper: UInt64, count: UInt64) {
            self.lower = lower
            self.upper = upper
            self.count = count
        }
    }

    /// All buckets from the first non-empty to the last: 0 to 1 µs, 1 to 2, 2 to 4, 4 to 8, …
    public var buckets: [Bucket] {
        guard let first = powers.firstIndex(where: { $0 > 0 }), let last = powers.lastIndex(where: { $0 > 0 })
        else { return [] }
        return (first...last).map { power in
            let upper: UInt64 = 1 << UInt64(power)
            return Bucket(lower: power == 0 ? 0 : upper / 2, upper: upper, count: powers[power])
        }
    }

    private static func part(of duration: UInt64) -> Int {
        let exponent = max(0, UInt64.bitWidth - duration.leadingZeroBitCount - halfBits - 1)
        return exponent * halves + Int(duration >> UInt64(exponent))
    }

    private static func middle(of part: Int) -> UInt64 {
        let exponent = max(0, part / halves - 1)
        let lower = UInt64(part - exponent * halves) << UInt64(exponent)
        return lower + (1 << UInt64(exponent)) / 2
    }
}
