/// The truth of an expression, as far as fixed places of a packet decide it.
indirect enum PrefilterDecision: Equatable {
    case constant(Bool)
    /// Only the whole packet decides.
    case unknown
    case test(PrefilterTest)
    case not(PrefilterDecision)
    case and(PrefilterDecision, PrefilterDecision)
    case or(PrefilterDecision, PrefilterDecision)

    /// A decision without `unknown` and `not` that is true at least wherever this one may be (`isNegated`: its opposite).
    func overApproximated(isNegated: Bool = false) -> PrefilterDecision {
        switch self {
        case .constant(let value): .constant(value != isNegated)
        case .unknown: .constant(true)
        case .test(let test): .test(isNegated ? test.negated : test)
        case .not(let inside): inside.overApproximated(isNegated: !isNegated)
        case .and(let left, let right), .or(let left, let right):
            Self.joined(
                left.overApproximated(isNegated: isNegated), right.overApproximated(isNegated: isNegated),
                isAnd: isConjunction != isNegated)
        }
    }

    private var isConjunction: Bool { if case .and = self { true } else { false } }

    private static func joined(
        _ left: PrefilterDecision, _ right: PrefilterDecision, isAnd: Bool
    ) -> PrefilterDecision {
        switch (left, right) {
        case (.constant(let value), let other), (let other, .constant(let value)):
            value == isAnd ? other : .constant(!isAnd)
        default: isAnd ? .and(left, right) : .or(left, right)
        }
    }
}

/// A comparison of bits at a fixed place of a frame, or of its length.
struct PrefilterTest: Equatable {
    enum Source: Equatable {
        /// Offset and size in bytes: 1, 2 or 4.
        case packet(Int, Int)
        case length
        /// Data beside the packet (SKF_AD_OFF and more).
        case beside(UInt32)
    }

    enum Condition: Equatable { case equal, greater, greaterOrEqual, anyBitSet }

    let source: Source
    var shift: UInt32 = 0
    var mask: UInt32 = .max
    let condition: Condition
    let value: UInt32
    /// Whether the test is true where the condition is false.
    var isInverted = false

    var negated: PrefilterTest {
        var test = self
        test.isInverted.toggle()
        return test
    }

    /// The bits of a field: at most 32, in a word of 1, 2 or 4 bytes. Returns nil if they touch other bytes.
    static func bits(_ start: Int, _ count: Int, in offset: Int) -> (source: Source, shift: UInt32, mask: UInt32)? {
        guard count > 0, count <= 32 else { return nil }
        let first = start / 8
        let bytes = (start + count + 7) / 8 - first
        guard [1, 2, 4].contains(bytes) else { return nil }
        let unused = (first + bytes) * 8 - start - count
        let mask = count == 32 ? UInt32.max : (1 << UInt32(count)) - 1
        return (.packet(offset + first, bytes), UInt32(unused), mask)
    }
}
