import FilterLanguage
import Protocols

extension FrameShape {
    /// The truth of an expression for frames of this shape, as far as it is known.
    func decide(_ expression: FilterExpression) -> PrefilterDecision {
        switch expression {
        case .constant(let bits, _): return .constant(bits != 0)
        case .headers(let path): return decide(path)
        case .presence(let path, _):
            // The field may be missing although its header is there.
            return decide(path) == .constant(false) ? .constant(false) : .unknown
        case .field(let reference): return compare(expression, .notEqual, .number(0), reference)
        case .unary(.not, let operand): return .not(decide(operand))
        case .binary(.and, let left, let right): return .and(decide(left), decide(right))
        case .binary(.or, let left, let right): return .or(decide(left), decide(right))
        case .binary(.sequence, _, let right): return decide(right)
        case .binary(let operation, let left, let right): return compare(left, operation, right)
        case .unary, .anyPacket: return .unknown
        }
    }

    private func decide(_ path: HeaderPath) -> PrefilterDecision {
        guard path.base == .depth(0) else { return .unknown }
        var next = 0
        for (step, place) in path.places.enumerated() {
            let name = ProtocolTable.all[place].name
            if let found = headers[next...].firstIndex(where: { $0.name == name }) {
                guard !unproven.contains(name) else { return .unknown }
                next = found + 1
            } else {
                // A later step may lead into a tunnel.
                return step == 0 && Self.exclusive.contains(name) ? .constant(false) : .unknown
            }
        }
        return .constant(true)
    }

    private func compare(
        _ left: FilterExpression, _ operation: FilterOperator, _ right: FilterExpression
    ) -> PrefilterDecision {
        if case .field(let reference) = left { return compare(left, operation, right, reference) }
        if case .field(let reference) = right, let mirrored = operation.mirrored {
            return compare(right, mirrored, left, reference)
        }
        // `tcp.flags & SYN` alone, and compared.
        if case .binary(.bitAnd, let inside, .constant(let bits, false)) = left, case .field(let reference) = inside {
            return compare(left, operation, right, reference, mask: bits)
        }
        if operation == .bitAnd, case .field(let reference) = left, case .constant(let bits, false) = right {
            return compare(left, .notEqual, .number(0), reference, mask: bits)
        }
        return .unknown
    }

    /// - Parameter mask: of the field's value.
    private func compare(
        _ left: FilterExpression, _ operation: FilterOperator, _ right: FilterExpression, _ reference: FieldReference,
        mask: UInt128? = nil
    ) -> PrefilterDecision {
        if operation == .bitAnd, case .constant(let bits, false) = right, mask == nil {
            return compare(left, .notEqual, .number(0), reference, mask: bits)
        }
        guard [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual].contains(operation) else {
            return .unknown
        }
        switch decide(reference.path) {
        case .constant(false): return .constant(false)
        case .constant(true): break
        default: return .unknown
        }
        guard case .constant(let bits, let isWide) = right, reference.field.condition == nil,
            let place = reference.field.fixedBits, let last = reference.path.places.last,
            let offset = headers.first(where: { $0.name == ProtocolTable.all[last].name })?.offset
        else { return .unknown }
        if place.count > 32 {
            guard mask == nil, operation == .equal || operation == .notEqual else { return .unknown }
            return compareWide(place, offset, bits, isWide: isWide, isEqual: operation == .equal)
        }
        guard !isWide, let load = PrefilterTest.bits(place.start, place.count, in: offset) else { return .unknown }
        let selected = mask.map { load.mask & UInt32(truncatingIfNeeded: $0) } ?? load.mask
        return .number(load.source, load.shift, selected, operation, Int128(Int64(truncatingIfNeeded: bits)))
    }

    /// Equality of addresses of 48 and 128 bits, word by word.
    private func compareWide(
        _ place: ProtocolField.Bits, _ offset: Int, _ bits: UInt128, isWide: Bool, isEqual: Bool
    ) -> PrefilterDecision {
        guard place.start % 8 == 0, place.count % 16 == 0 else { return .unknown }
        if place.count < 128, bits >> UInt128(place.count) != 0 { return .constant(!isEqual) }
        var result = PrefilterDecision.constant(true)
        var left = place.count
        while left > 0 {
            let size = left % 32 == 0 ? 4 : 2
            let start = offset + (place.start + place.count - left) / 8
            left -= size * 8
            let word = UInt32(truncatingIfNeeded: bits >> UInt128(left)) & (size == 4 ? .max : 0xffff)
            let test = PrefilterTest(source: .packet(start, size), condition: .equal, value: word)
            result = .and(result, .test(test))
        }
        return isEqual ? result : .not(result)
    }
}

extension FilterExpression {
    fileprivate static func number(_ value: Int64) -> FilterExpression {
        .constant(bits: UInt128(truncatingIfNeeded: value), isWide: false)
    }
}

extension FilterOperator {
    /// The comparison with its operands exchanged.
    fileprivate var mirrored: FilterOperator? {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .bitAnd: .bitAnd
        default: nil
        }
    }
}

extension PrefilterDecision {
    /// The comparison of an unsigned number of at most 32 bits with one that may lie outside of its range.
    fileprivate static func number(
        _ source: PrefilterTest.Source, _ shift: UInt32, _ mask: UInt32, _ operation: FilterOperator, _ value: Int128
    ) -> PrefilterDecision {
        func test(_ condition: PrefilterTest.Condition, isInverted: Bool) -> PrefilterDecision {
            .test(
                PrefilterTest(
                    source: source, shift: shift, mask: mask, condition: condition, value: UInt32(value),
                    isInverted: isInverted))
        }
        guard value >= 0, value <= Int128(UInt32.max) else {
            let isBelow = value < 0
            switch operation {
            case .equal: return .constant(false)
            case .notEqual: return .constant(true)
            case .less, .lessOrEqual: return .constant(!isBelow)
            default: return .constant(isBelow)
            }
        }
        switch operation {
        case .equal: return test(.equal, isInverted: false)
        case .notEqual: return test(.equal, isInverted: true)
        case .less: return test(.greaterOrEqual, isInverted: true)
        case .lessOrEqual: return test(.greater, isInverted: true)
        case .greater: return test(.greater, isInverted: false)
        default: return test(.greaterOrEqual, isInverted: false)
        }
    }
}
