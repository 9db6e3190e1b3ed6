public import DCompiler
/// How an aggregation combines values. The state of one key is a list of words, which programs count per CPU.
public enum AggregatingFunction: Hashable, Sendable {
    /// [count]
    case count
    /// [sum]
    case sum
    /// [count, sum]
    case average
    /// [count, least, epoch]; the least value means nothing as long as the count is 0. clear() begins a new epoch; a state
    /// of an earlier one counts as empty.
    case minimum
    /// [count, greatest, epoch]
    case maximum
    /// [count, sum, lower half of the sum of squares, upper half]
    case deviation
    /// A word for each power of two.
    case quantize
    case linear(LinearBuckets)
    case logLinear(LogLinearBuckets)

    /// Words of the state.
    public var words: Int {
        switch self {
        case .count, .sum: 1
        case .average: 2
        case .minimum, .maximum: 3
        case .deviation: 4
        case .quantize: PowerBuckets.count
        case .linear(let buckets): buckets.count
        case .logLinear(let buckets): buckets.count
        }
    }

    /// Adds the state of another CPU.
    public func merge(_ state: inout [Int64], _ other: [Int64]) {
        guard state.count == words, other.count == words else { return }
        switch self {
        case .minimum, .maximum:
            guard other[0] != 0, other[2] >= state[2] else { return }
            if other[2] > state[2] { state = other; return }
            let isBetter = self == .minimum ? other[1] < state[1] : other[1] > state[1]
            if state[0] == 0 || isBetter { state[1] = other[1] }
            state[0] &+= other[0]
        case .deviation:
            state[0] &+= other[0]
            state[1] &+= other[1]
            let sum = Self.squares(state) &+ Self.squares(other)
            (state[2], state[3]) = Self.words(sum)
        default:
            for index in state.indices { state[index] &+= other[index] }
        }
    }

    /// Whether states have an epoch.
    public var hasEpochs: Bool { self == .minimum || self == .maximum }

    /// Takes away what was counted before clear(). Of least and greatest values nothing can be taken away: they have epochs.
    public func subtract(_ state: inout [Int64], _ earlier: [Int64]) {
        guard state.count == words, earlier.count == words else { return }
        switch self {
        case .minimum, .maximum: break
        case .deviation:
            state[0] &-= earlier[0]
            state[1] &-= earlier[1]
            (state[2], state[3]) = Self.words(Self.squares(state) &- Self.squares(earlier))
        default:
            for index in state.indices { state[index] &-= earlier[index] }
        }
    }

    static func squares(_ state: [Int64]) -> UInt128 {
        UInt128(UInt64(bitPattern: state[3])) << 64 | UInt128(UInt64(bitPattern: state[2]))
    }

    private static func words(_ squares: UInt128) -> (Int64, Int64) {
        (Int64(truncatingIfNeeded: squares), Int64(truncatingIfNeeded: squares >> 64))
    }

    /// Whether the value is a distribution, which prints as several lines.
    public var isDistribution: Bool {
        switch self {
        case .quantize, .linear, .logLinear: true
        default: false
        }
    }

    /// The number that is printed. Of distributions: the sum of the buckets' values, which orders them.
    public func value(_ state: [Int64], normal: UInt64 = 1) -> Int64 {
        guard state.count == words else { return 0 }
        let divisor = Int64(clamping: max(normal, 1))
        switch self {
        case .count, .sum: return state[0] / divisor
        case .average: return state[0] == 0 ? 0 : state[1] / divisor / state[0]
        case .minimum, .maximum: return state[0] == 0 ? 0 : state[1] / divisor
        case .deviation: return Self.deviation(state) / divisor
        case .quantize: return Self.weighted(state, PowerBuckets.values)
        case .linear(let buckets): return Self.weighted(state, buckets.values)
        case .logLinear(let buckets): return Self.weighted(state, buckets.values)
        }
    }

    private static func deviation(_ state: [Int64]) -> Int64 {
        guard state[0] > 0 else { return 0 }
        let mean = Int128(state[1]) / Int128(state[0])
        let variance = Int128(truncatingIfNeeded: squares(state)) / Int128(state[0]) - mean * mean
        return variance <= 0 ? 0 : squareRoot(UInt128(variance))
    }

    /// Rounded down, bit by bit.
    private static func squareRoot(_ number: UInt128) -> Int64 {
        var root: UInt128 = 0
        for bit in (0..<63).reversed() {
            let trial = root | 1 << UInt128(bit)
            if trial * trial <= number { root = trial }
        }
        return Int64(root)
    }

    private static func weighted(_ state: [Int64], _ values: [Int64]) -> Int64 {
        zip(state, values).reduce(0) { $0 &+ $1.0 &* $1.1 }
    }
}
