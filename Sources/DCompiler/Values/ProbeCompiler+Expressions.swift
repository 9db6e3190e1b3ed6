import BPFCode
import DLanguage

// Values of 64 bits, extended as their type says, in r0. Texts are in ProbeCompiler+Texts.swift.
extension ProbeCompiler {
    mutating func evaluate(_ expression: TypedExpression) throws(Diagnostic) {
        switch expression.form {
        case .constant(let value): assembler.emitConstant(.r0, value)
        case .builtin(let builtin): try emit(builtin, at: expression.position)
        case .input(let input):
            guard let slot = inputs[input] else {
                throw .unavailable("this argument of \(probe.title)", at: expression.position)
            }
            assembler.emit(.load(.double, .r0, from: slot))
            // Registers hold more bits than a parameter has.
            if case .parameter = input { extend(to: expression.type) }
        case .local(let number):
            guard let slot = locals[number] else {
                throw .unavailable("this use of a translator", at: expression.position)
            }
            assembler.emit(.load(.double, .r0, from: slot))
        case .storage(let storage): try load(storage, expression.type, at: expression.position)
        case .memory(let address, let offset, let bits):
            try evaluate(address)
            try loadKernelMemory(expression.type, offset: offset, bits: bits, at: expression.position)
        case .unary(let operation, let operand): try emit(operation, operand, expression.type)
        case .binary(let operation, let left, let right): try emit(operation, left, right, expression.type)
        case .logical(let operation, let left, let right): try emit(operation, left, right)
        case .conditional(let condition, let then, let otherwise):
            try emitConditional(condition) { (compiler, isThen) throws(Diagnostic) in
                try compiler.evaluate(isThen ? then : otherwise)
            }
        case .convert(let value):
            try evaluate(value)
            extend(to: expression.type)
        case .call(let subroutine, let arguments): try emit(subroutine, arguments, at: expression.position)
        case .assign(let storage, let value):
            if !expression.type.isScalar {
                try assign(storage, value, at: expression.position)
            } else {
                try evaluate(value)
                try store(storage, expression.type, at: expression.position)
            }
        case .assignAfter(let storage, let newValue):
            try load(storage, expression.type, at: expression.position)
            let old = frame.temporary(&assembler)
            assembler.emit(.store(.double, .r0, to: old))
            try evaluate(newValue)
            try store(storage, expression.type, at: expression.position)
            assembler.emit(.load(.double, .r0, from: old))
            frame.free(old)
        case .sequence(let expressions):
            for expression in expressions { try evaluateForEffect(expression) }
        case .bind(let local, let value, let body):
            try bind(local, value)
            try evaluate(body)
        case .compareTexts(let operation, let left, let right): try compareTexts(operation, left, right)
        case .matchesAddress(let text, let address, let negated): try matchAddress(text, address, negated)
        case .compareAddresses(let left, let right, let negated): try compareAddresses(left, right, negated)
        case .symbol(let module, let name):
            assembler.emitConstant(.r0, try program.address(ofSymbol: name, module, at: expression.position))
        case .text, .pick:
            throw .unavailable("a text in the place of a number", at: expression.position)
        }
    }

    /// The last of a sequence may be a text, whose value is not used.
    mutating func evaluateForEffect(_ expression: TypedExpression) throws(Diagnostic) {
        if !expression.type.isScalar {
            switch expression.form {
            case .assign, .bind, .sequence, .assignAfter, .call(.bcopy, _), .call(.copyinto, _): break
            default: return
            }
        }
        try evaluate(expression)
    }

    /// Works out a value once; scalars are kept in a slot.
    mutating func bind(_ local: Int, _ value: TypedExpression) throws(Diagnostic) {
        try evaluate(value)
        let slot = locals[local] ?? frame.reserve("local", size: 8, &assembler)
        locals[local] = slot
        assembler.emit(.store(.double, .r0, to: slot))
    }

    mutating func emitConditional(
        _ condition: TypedExpression, _ branch: (inout ProbeCompiler, Bool) throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
        let otherwise = assembler.makeLabel("else")
        let done = assembler.makeLabel("endif")
        try evaluate(condition)
        assembler.emit(.jump64(.equal, .r0, 0, to: otherwise))
        try branch(&self, true)
        assembler.emit(.jump(done))
        assembler.place(otherwise)
        try branch(&self, false)
        assembler.place(done)
    }

    /// Cuts r0 to the type's bits and extends it again.
    mutating func extend(to type: DType) {
        guard let integer = type.integer, integer.bits < 64 else { return }
        if integer.isSigned {
            assembler.extendSign(.r0, bits: Int32(integer.bits))
        } else if integer.bits == 32 {
            assembler.emit(.arithmetic32(.move, .r0, .r0))
        } else {
            assembler.emit(.arithmetic64(.and, .r0, integer.bits == 8 ? 0xff : 0xffff))
        }
    }

    private mutating func emit(
        _ operation: UnaryOperator, _ operand: TypedExpression, _ type: DType
    ) throws(Diagnostic) {
        try evaluate(operand)
        switch operation {
        case .minus: assembler.emit(.negate(.double, .r0))
        case .complement: assembler.emit(.arithmetic64(.xor, .r0, -1))
        case .not: setBoolean(.equal, .r0, .immediate(0))
        }
        if operation != .not { extend(to: type) }
    }

    /// r0 becomes 1 if the condition holds, otherwise 0.
    mutating func setBoolean(_ condition: Instruction.Condition, _ left: Register, _ right: Instruction.Operand) {
        let holds = assembler.makeLabel("holds")
        assembler.emit(.arithmetic64(.move, .r2, 1))
        assembler.emit(.branch(.double, condition, left, right, holds))
        assembler.emit(.arithmetic64(.move, .r2, 0))
        assembler.place(holds)
        assembler.emit(.arithmetic64(.move, .r0, .r2))
    }

    /// Leaves the left value in r0 and the right one in r1, or in the instruction if it is a small constant.
    mutating func evaluatePair(
        _ left: TypedExpression, _ right: TypedExpression
    ) throws(Diagnostic) -> Instruction.Operand {
        if case .constant(let value) = right.form, let small = Int32(exactly: Int64(bitPattern: value)) {
            try evaluate(left)
            return .immediate(small)
        }
        try evaluate(left)
        let slot = frame.temporary(&assembler)
        assembler.emit(.store(.double, .r0, to: slot))
        try evaluate(right)
        assembler.emit(.arithmetic64(.move, .r1, .r0))
        assembler.emit(.load(.double, .r0, from: slot))
        frame.free(slot)
        return .register(.r1)
    }

    private mutating func emit(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, _ type: DType
    ) throws(Diagnostic) {
        let operand = try evaluatePair(left, right)
        let isSigned = left.type.integer?.isSigned ?? false
        if let condition = operation.condition(isSigned: isSigned) {
            return setBoolean(condition, .r0, operand)
        }
        switch operation {
        case .divide, .remainder: divide(operation, by: operand, isSigned: isSigned)
        case .shiftRight where isSigned: assembler.emit(.arithmetic(.double, .shiftRightSigned, .r0, operand.masked))
        case .shiftLeft, .shiftRight:
            assembler.emit(.arithmetic(.double, operation.arithmetic, .r0, operand.masked))
        default: assembler.emit(.arithmetic(.double, operation.arithmetic, .r0, operand))
        }
        extend(to: type)
    }

    private mutating func divide(_ operation: BinaryOperator, by operand: Instruction.Operand, isSigned: Bool) {
        if case .immediate(let divisor) = operand {
            guard divisor != 0 else {
                assembler.emit(.jump64(.equal, .r0, .r0, to: fault(.divisionByZero)))
                return
            }
            if divisor > 0, !isSigned {
                assembler.emit(.arithmetic(.double, operation.arithmetic, .r0, operand))
                return
            }
            assembler.emit(.arithmetic64(.move, .r1, divisor))
        } else {
            assembler.emit(.jump64(.equal, .r1, 0, to: fault(.divisionByZero)))
        }
        switch (operation, isSigned) {
        case (.divide, true): assembler.divideSigned(.double, .r0, by: .r1, scratch: (.r2, .r3))
        case (_, true): assembler.moduloSigned(.double, .r0, by: .r1, scratch: (.r2, .r3))
        default: assembler.emit(.arithmetic(.double, operation.arithmetic, .r0, .register(.r1)))
        }
    }

    private mutating func emit(
        _ operation: LogicalOperator, _ left: TypedExpression, _ right: TypedExpression
    ) throws(Diagnostic) {
        let done = assembler.makeLabel("decided")
        try evaluate(left)
        setBoolean(.notEqual, .r0, .immediate(0))
        switch operation {
        case .and: assembler.emit(.jump64(.equal, .r0, 0, to: done))
        case .or: assembler.emit(.jump64(.notEqual, .r0, 0, to: done))
        case .xor: break
        }
        guard operation == .xor else {
            try evaluate(right)
            setBoolean(.notEqual, .r0, .immediate(0))
            return assembler.place(done)
        }
        let slot = frame.temporary(&assembler)
        assembler.emit(.store(.double, .r0, to: slot))
        try evaluate(right)
        setBoolean(.notEqual, .r0, .immediate(0))
        assembler.emit(.load(.double, .r1, from: slot))
        assembler.emit(.arithmetic64(.xor, .r0, .r1))
        frame.free(slot)
    }
}
