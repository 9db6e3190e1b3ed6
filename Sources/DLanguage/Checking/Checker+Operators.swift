extension Checker {
    /// The common type of two integers: the one of higher rank, which is its bits, unsigned before signed. Small types
    /// stay small: uint32_t minus uint8_t is uint32_t.
    static func promoted(_ left: IntegerType, _ right: IntegerType) -> IntegerType {
        func rank(_ type: IntegerType) -> Int { type.bits + (type.isSigned ? 0 : 1) }
        return rank(left) < rank(right) ? right : left
    }

    func arithmeticOperand(_ operand: Operand, _ sign: String) throws(Diagnostic) -> TypedExpression {
        let value = try integer(operand, " by '\(sign)'")
        if case .enumeration(_, let type) = value.type { return try convert(value, to: .integer(type)) }
        return value
    }

    func unary(
        _ operation: UnaryOperator, _ operand: Operand, _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        if operation == .not {
            let value = try condition(operand, " of '!'")
            if let constant = value.constant { return try make(.constant(constant == 0 ? 1 : 0), .int, at: position) }
            return try make(.unary(.not, value), .int, at: position)
        }
        let value = try arithmeticOperand(operand, operation.rawValue)
        if let constant = value.constant, let type = value.type.integer {
            let result = operation == .minus ? 0 &- constant : ~constant
            return try make(.constant(type.extended(result)), value.type, at: position)
        }
        return try make(.unary(operation, value), value.type, at: position)
    }

    func binary(
        _ operation: BinaryOperator, _ left: Operand, _ right: Operand, _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        switch operation {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
            return try comparison(operation, left, right, position)
        case .add, .subtract:
            if left.type.isPointer || isArray(left.type) || right.type.isPointer || isArray(right.type) {
                return try pointerArithmetic(operation, try scalar(left), try scalar(right), position)
            }
            fallthrough
        default:
            let one = try arithmeticOperand(left, operation.rawValue)
            let other = try arithmeticOperand(right, operation.rawValue)
            return try arithmetic(operation, one, other, position)
        }
    }

    func arithmetic(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        var type = Self.promoted(left.type.integer ?? .long, right.type.integer ?? .long)
        type.isCharacter = type.isCharacter && left.type == right.type
        if [.divide, .remainder].contains(operation), right.constant == 0 {
            throw Diagnostic("division by zero", at: position, tag: .init("DIV_ZERO"))
        }
        let one = try convert(left, to: .integer(type))
        let other = try convert(right, to: .integer(type))
        if let folded = Folding.arithmetic(operation, one.constant, other.constant, type) {
            return try make(.constant(folded), .integer(type), at: position)
        }
        return try make(.binary(operation, one, other), .integer(type), at: position)
    }

    private func pointerArithmetic(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        if let target = left.type.target, let other = right.type.target {
            guard operation == .subtract, arePointersCompatible(target, other) else {
                throw incompatible(operation, left.type, right.type, position)
            }
            let size = try elementSize(target, position)
            let difference = try arithmetic(
                .subtract, try convert(left, to: .long), try convert(right, to: .long), position)
            let divisor = try make(.constant(UInt64(max(1, size))), .long, at: position)
            return size <= 1 ? difference : try arithmetic(.divide, difference, divisor, position)
        }
        guard let target = left.type.target ?? right.type.target, left.type.isPointer || operation == .add else {
            throw incompatible(operation, left.type, right.type, position)
        }
        let pointer = left.type.isPointer ? left : right
        let index = left.type.isPointer ? right : left
        return try move(pointer, operation, index, by: try elementSize(target, position), position)
    }

    func elementSize(_ type: DType, _ position: SourcePosition) throws(Diagnostic) -> Int {
        guard type != .void, type != .function else {
            throw Diagnostic(
                "'\(spelling(.pointer(to: type)))' points to nothing that has a size", at: position,
                advice: "a cast gives the pointer a type: (uint8_t *)…", tag: .init("OP_INCOMPAT"))
        }
        return try size(type, at: position)
    }

    /// Pointer ± index × size.
    func move(
        _ pointer: TypedExpression, _ operation: BinaryOperator, _ index: TypedExpression, by size: Int,
        _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        let wide = try convert(index, to: .long)
        let factor = try make(.constant(UInt64(size)), .long, at: position)
        let distance = size == 1 ? wide : try arithmetic(.multiply, wide, factor, position)
        if let constant = distance.constant {
            let bytes = Int(Int64(bitPattern: constant))
            return try offset(pointer, by: operation == .add ? bytes : 0 &- bytes, pointer.type, position)
        }
        return try make(.binary(operation, pointer, distance), pointer.type, at: position)
    }

    func incompatible(
        _ operation: BinaryOperator, _ left: DType, _ right: DType, _ position: SourcePosition
    ) -> Diagnostic {
        Diagnostic(
            "'\(operation.rawValue)' does not take '\(spelling(left))' and '\(spelling(right))'", at: position,
            tag: .init("OP_INCOMPAT"))
    }

    func logical(
        _ operation: LogicalOperator, _ left: Operand, _ right: Operand, _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        let one = try condition(left, " of '\(operation.rawValue)'")
        let other = try condition(right, " of '\(operation.rawValue)'")
        if let first = one.constant.map({ $0 != 0 }) {
            switch (operation, first) {
            case (.and, false): return try make(.constant(0), .int, at: position)
            case (.or, true): return try make(.constant(1), .int, at: position)
            default: break
            }
            if let second = other.constant.map({ $0 != 0 }) {
                let result = operation == .and ? first && second : operation == .or ? first || second : first != second
                return try make(.constant(result ? 1 : 0), .int, at: position)
            }
        }
        return try make(.logical(operation, one, other), .int, at: position)
    }
}
