import Glibc
import Text

extension Checker {
    func comparison(
        _ operation: BinaryOperator, _ left: Operand, _ right: Operand, _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        let isTextual = left.type.isText || right.type.isText
        if isTextual, left.type.isText || left.type.isCharacters, right.type.isText || right.type.isCharacters {
            return try textComparison(operation, try text(left), try text(right), position)
        }
        // A text that was not found is empty.
        if isTextual, left.isNull || right.isNull, operation == .equal || operation == .notEqual {
            let empty = try make(.text([]), .string, at: position)
            return try textComparison(
                operation, left.isNull ? empty : try text(left), right.isNull ? empty : try text(right), position)
        }
        if isTextual { throw incompatible(operation, left.type, right.type, position) }
        let one = try scalar(left, " by '\(operation.rawValue)'")
        let other = try scalar(right, " by '\(operation.rawValue)'")
        let type: IntegerType
        if let first = one.type.integer, let second = other.type.integer {
            type = Self.promoted(first, second)
        } else {
            if let first = one.type.target, let second = other.type.target, !arePointersCompatible(first, second) {
                throw incompatible(operation, one.type, other.type, position)
            }
            type = .unsignedLong
        }
        let converted = try convert(one, to: .integer(type))
        let convertedOther = try convert(other, to: .integer(type))
        if let first = converted.constant, let second = convertedOther.constant {
            let holds = Folding.compare(operation, first, second, isSigned: type.isSigned)
            return try make(.constant(holds ? 1 : 0), .int, at: position)
        }
        return try make(.binary(operation, converted, convertedOther), .int, at: position)
    }

    private func textComparison(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        if let one = left.literal, let other = right.literal {
            let order = one.lexicographicallyPrecedes(other) ? -1 : one == other ? 0 : 1
            return try make(.constant(Folding.holds(operation, order) ? 1 : 0), .int, at: position)
        }
        if operation == .equal || operation == .notEqual {
            let isNegated = operation == .notEqual
            if left.type == .addressText, right.type == .addressText {
                return try make(.compareAddresses(left, right, negated: isNegated), .int, at: position)
            }
            for (value, other) in [(left, right), (right, left)] where value.type == .addressText {
                guard let address = other.literal.flatMap(Self.address) else { continue }
                return try make(.matchesAddress(value, address, negated: isNegated), .int, at: position)
            }
        }
        return try make(.compareTexts(operation, try string(left), try string(right)), .int, at: position)
    }

    /// The address that a text spells, if it is exactly the text that is printed for this address.
    static func address(_ text: [UInt8]) -> AddressValue? {
        if text.isEmpty { return AddressValue(family: 0, bytes: []) }
        let spelled = String(decoding: text, as: UTF8.self)
        let isIPv6 = text.contains(UInt8(ascii: ":"))
        var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
        guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, spelled, &bytes) == 1 else { return nil }
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        var buffer = ByteBuffer(capacity: 64)
        if isIPv6 {
            buffer.appendIPv6(high: number(bytes[..<8]), low: number(bytes[8...]))
        } else {
            buffer.appendIPv4(UInt32(number(bytes[...])))
        }
        guard buffer.withUnsafeBytes({ $0.elementsEqual(text) }) else { return nil }
        return AddressValue(family: isIPv6 ? 6 : 4, bytes: bytes)
    }
}
