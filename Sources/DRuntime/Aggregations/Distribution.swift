import DCompiler
import Text

/// A distribution as lines of 40 columns each.
struct Distribution {
    private let counts: [Int64]
    private let normal: Int64
    private let label: (Int) -> String
    private let range: ClosedRange<Int>
    private let total: Double
    private let hasPositive: Bool
    private let hasNegative: Bool

    private static let width = 40

    /// - Parameter empty: the range that is printed if all counts are 0.
    private init(
        _ counts: [Int64], normal: UInt64, empty: ClosedRange<Int>, label: @escaping (Int) -> String
    ) {
        self.counts = counts
        self.normal = Int64(clamping: max(normal, 1))
        self.label = label
        if let first = counts.firstIndex(where: { $0 != 0 }), let last = counts.lastIndex(where: { $0 != 0 }) {
            range = max(first - 1, 0)...min(last + 1, counts.count - 1)
        } else {
            range = empty
        }
        total = counts.reduce(0) { $0 + Double($1.magnitude) }
        hasPositive = counts.contains { $0 > 0 }
        hasNegative = counts.contains { $0 < 0 }
    }

    /// Returns nil for functions that have a single number.
    init?(_ function: AggregatingFunction, _ state: [Int64], normal: UInt64) {
        switch function {
        case .quantize:
            let zero = PowerBuckets.zero
            self.init(state, normal: normal, empty: zero - 1...zero + 1) { String(PowerBuckets.value($0)) }
        case .linear(let buckets):
            self.init(state, normal: normal, empty: 0...2) { buckets.label($0) }
        case .logLinear(let buckets):
            let middle = buckets.middle
            let isMirrored = state.prefix(middle).contains { $0 != 0 }
            // Without negative values the range does not reach below the middle.
            let shown = isMirrored ? 0 : middle
            self.init(Array(state.dropFirst(shown)), normal: normal, empty: 0...1) {
                buckets.label($0 + shown, isMirrored: isMirrored)
            }
        default: return nil
        }
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.append("\n           value  ------------- Distribution ------------- count    \n")
        for bucket in range {
            let label = label(bucket).utf8
            buffer.appendSpaces(16 - label.count)
            buffer.append(contentsOf: label)
            buffer.append(UInt8(ascii: " "))
            writeBar(counts[bucket], to: &buffer)
            let count = String(counts[bucket] / normal).utf8
            buffer.append(UInt8(ascii: " "))
            buffer.append(contentsOf: count)
            buffer.appendSpaces(9 - count.count)
            buffer.append(UInt8(ascii: "\n"))
        }
    }

    private func writeBar(_ count: Int64, to buffer: inout ByteBuffer) {
        let bothSigns = hasPositive && hasNegative
        let room = bothSigns ? Self.width / 2 : Self.width
        let length = total == 0 ? 0 : Int(Double(count.magnitude) * Double(room) / total + 0.5)
        if hasNegative {
            let bar = count < 0 ? length : 0
            buffer.appendSpaces(room - bar)
            buffer.appendRepeated(UInt8(ascii: "@"), bar)
        }
        buffer.append(UInt8(ascii: "|"))
        if hasPositive || !hasNegative {
            let bar = count > 0 ? length : 0
            buffer.appendRepeated(UInt8(ascii: "@"), bar)
            buffer.appendSpaces(room - bar)
        }
    }
}
