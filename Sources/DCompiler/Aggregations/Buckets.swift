/// The buckets of quantize(): powers of two of either sign, and zero.
public enum PowerBuckets {
    /// From -2^63 to 2^62.
    public static let count = 127
    public static let zero = 63

    /// The least magnitude of each bucket.
    public static let values: [Int64] = (0..<count).map { value($0) }

    public static func value(_ bucket: Int) -> Int64 {
        bucket < zero
            ? Int64(bitPattern: 0 &- (1 << UInt64(zero - 1 - bucket)))
            : bucket == zero ? 0 : 1 << Int64(bucket - zero - 1)
    }

    public static func bucket(of value: Int64) -> Int {
        if value == 0 { return zero }
        let power = 63 - value.magnitude.leadingZeroBitCount
        return value < 0 ? max(zero - 1 - power, 0) : zero + 1 + power
    }
}

/// The buckets of lquantize(): below the base, steps of equal width, and from the limit on.
public struct LinearBuckets: Hashable, Sendable {
    public let base: Int64
    public let step: Int64
    public let levels: Int

    /// The language's limit.
    public static let mostLevels = 65_535

    /// Returns nil if there is no step between the limits, or too many.
    public init?(from base: Int64, to limit: Int64, step: Int64 = 1) {
        let (distance, isTooLarge) = limit.subtractingReportingOverflow(base)
        guard !isTooLarge, step > 0, distance >= step, distance / step <= Self.mostLevels else { return nil }
        self.base = base
        self.step = step
        levels = Int(distance / step)
    }

    public var count: Int { levels + 2 }

    public func value(_ bucket: Int) -> Int64 {
        bucket == 0 ? base &- 1 : base &+ Int64(bucket - 1) &* step
    }

    public var values: [Int64] { (0..<count).map { value($0) } }

    public func bucket(of value: Int64) -> Int {
        if value < base { return 0 }
        let (distance, isTooLarge) = value.subtractingReportingOverflow(base)
        return isTooLarge ? levels + 1 : Int(min(distance / step, Int64(levels))) + 1
    }

    public func label(_ bucket: Int) -> String {
        bucket == 0 ? "< \(base)" : bucket == levels + 1 ? ">= \(value(bucket))" : "\(value(bucket))"
    }
}

/// The buckets of llquantize(): each order of magnitude is divided into steps of equal width; negative values mirror
/// positive ones.
public struct LogLinearBuckets: Hashable, Sendable {
    /// The least magnitudes of the buckets, in ascending order; the last is the limit.
    public let bounds: [Int64]

    /// Returns nil if the arguments contradict each other or a power is too large for a number.
    public init?(factor: Int64, from low: Int64, through high: Int64, steps: Int64) {
        guard factor >= 2, low >= 0, high >= low, high < 64, steps >= factor ? steps % factor == 0 : factor % steps == 0
        else { return nil }
        func power(_ exponent: Int64) -> Int64? {
            var power: Int64 = 1
            for _ in 0..<exponent {
                let (product, isTooLarge) = power.multipliedReportingOverflow(by: factor)
                if isTooLarge { return nil }
                power = product
            }
            return power
        }
        guard var value = power(low), let limit = power(high + 1), steps > 0 else { return nil }
        var bounds: [Int64] = []
        while value < limit, bounds.count < LinearBuckets.mostLevels {
            let next = value * factor
            let step = max(next / steps, 1)
            while value < next {
                bounds.append(value)
                value += step
            }
            value = next
        }
        self.bounds = bounds + [limit]
    }

    /// Of one sign, and one between.
    public var count: Int { 2 * bounds.count + 1 }

    /// The bucket of magnitudes below the first bound.
    public var middle: Int { bounds.count }

    public func value(_ bucket: Int) -> Int64 {
        bucket == middle ? 0 : bucket > middle ? bounds[bucket - middle - 1] : -bounds[middle - bucket - 1]
    }

    public var values: [Int64] { (0..<count).map { value($0) } }

    public func bucket(of value: Int64) -> Int {
        let magnitude = value.magnitude
        let passed = bounds.count { UInt64($0) <= magnitude }
        return passed == 0 ? middle : value < 0 ? middle - passed : middle + passed
    }

    /// - Parameter isMirrored: whether buckets of negative values are printed, too.
    public func label(_ bucket: Int, isMirrored: Bool) -> String {
        let value = value(bucket)
        if bucket == middle {
            return bounds[0] == 1 ? "0" : isMirrored ? "abs() < \(bounds[0])" : "< \(bounds[0])"
        }
        if bucket == count - 1 { return ">= \(value)" }
        return bucket == 0 ? "<= \(value)" : "\(value)"
    }
}
