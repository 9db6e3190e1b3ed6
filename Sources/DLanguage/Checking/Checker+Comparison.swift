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

    func conditional(
        _ condition: ExpressionSyntax, _ yes: ExpressionSyntax, _ no: ExpressionSyntax, _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        let test = try self.condition(try check(condition), " of '?:'")
        let one = try check(yes)
        let other = try check(no)
        // Only the side that is evaluated counts, except for the type.
        var (first, second) = try branches(one, other, position)
        if let constant = test.constant { return Operand(constant != 0 ? first : second) }
        let type = first.type
        if type.isScalar { (first, second) = (try convert(first, to: type), try convert(second, to: type)) }
        return Operand(try make(.conditional(test, then: first, otherwise: second), type, at: position))
    }

    /// The two results in their common type.
    private func branches(
        _ one: Operand, _ other: Operand, _ position: SourcePosition
    ) throws(Diagnostic) -> (TypedExpression, TypedExpression) {
        if one.type.isText || other.type.isText {
            guard one.type.isText || one.type.isCharacters, other.type.isText || other.type.isCharacters else {
                throw differing(one, other, position)
            }
            let (first, second) = (try text(one), try text(other))
            let isAddress = first.type == .addressText || second.type == .addressText
            if isAddress, let first = try addressText(first), let second = try addressText(second) {
                return (first, second)
            }
            return (try string(first), try string(second))
        }
        if case .structure = one.type, one.type == other.type, one.translation == nil, other.translation == nil {
            return (one.expression, other.expression)
        }
        if one.type == .void, other.type == .void { return (one.expression, other.expression) }
        guard one.type != .void, other.type != .void else { throw differing(one, other, position) }
        let first = try scalar(one)
        let second = try scalar(other)
        if let left = first.type.integer, let right = second.type.integer {
            let type: DType = first.type == second.type ? first.type : .integer(Self.promoted(left, right))
            return (try convert(first, to: type), try convert(second, to: type))
        }
        if first.constant == 0 || first.type.target == .void, second.type.isPointer {
            return (try convert(first, to: second.type), second)
        }
        guard second.constant == 0 || arePointersCompatible(first.type.target ?? .function, second.type.target) else {
            throw differing(one, other, position)
        }
        return (first, try convert(second, to: first.type))
    }

    private func differing(_ one: Operand, _ other: Operand, _ position: SourcePosition) -> Diagnostic {
        Diagnostic(
            "the two results of '?:' have different types: '\(spelling(one.type))' and '\(spelling(other.type))'",
            at: position)
    }
}
