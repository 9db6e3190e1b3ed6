/// Arithmetic of constants, as the generated code computes it.
enum Folding {
    /// Operands are extended as `type` says. Nil if one of them is no constant.
    static func arithmetic(
        _ operation: BinaryOperator, _ left: UInt64?, _ right: UInt64?, _ type: IntegerType
    ) -> UInt64? {
        guard let left, let right else { return nil }
        let one = Int64(bitPattern: left)
        let other = Int64(bitPattern: right)
        let result: UInt64
        switch operation {
        case .add: result = left &+ right
        case .subtract: result = left &- right
        case .multiply: result = left &* right
        case .divide:
            guard right != 0 else { return nil }
            // The most negative number divided by -1 is itself.
            result =
                type.isSigned ? UInt64(bitPattern: one.dividedReportingOverflow(by: other).partialValue) : left / right
        case .remainder:
            guard right != 0 else { return nil }
            result =
                type.isSigned
                ? UInt64(bitPattern: one.remainderReportingOverflow(dividingBy: other).partialValue) : left % right
        case .and: result = left & right
        case .or: result = left | right
        case .xor: result = left ^ right
        // As BPF shifts: by the count modulo the bits of the register.
        case .shiftLeft: result = left &<< right
        case .shiftRight: result = type.isSigned ? UInt64(bitPattern: one &>> other) : left &>> right
        default: return compare(operation, left, right, isSigned: type.isSigned) ? 1 : 0
        }
        return type.extended(result)
    }

    static func compare(_ operation: BinaryOperator, _ left: UInt64, _ right: UInt64, isSigned: Bool) -> Bool {
        let order: Int =
            if isSigned {
                Int64(bitPattern: left) < Int64(bitPattern: right) ? -1 : left == right ? 0 : 1
            } else {
                left < right ? -1 : left == right ? 0 : 1
            }
        return holds(operation, order)
    }

    /// Whether an order (negative: less) makes the comparison true.
    static func holds(_ operation: BinaryOperator, _ order: Int) -> Bool {
        switch operation {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        default: false
        }
    }
}
