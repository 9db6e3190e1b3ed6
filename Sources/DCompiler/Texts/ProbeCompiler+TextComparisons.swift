import BPFCode
import DLanguage

extension ProbeCompiler {
    mutating func matchAddress(
        _ text: TypedExpression, _ address: AddressValue, _ negated: Bool
    ) throws(Diagnostic) {
        let slot = addressBuffer(0)
        try emitAddressText(text, to: .stack(slot, 0))
        var words: [UInt64] = [UInt64(address.family), 0, 0]
        for (index, byte) in address.bytes.prefix(16).enumerated() {
            words[1 + index / 8] |= UInt64(byte) << UInt64(8 * (index % 8))
        }
        let differs = assembler.makeLabel("differs")
        assembler.emit(.arithmetic64(.move, .r0, negated ? 1 : 0))
        for (index, word) in words.enumerated() where index < 2 || address.family == 6 {
            assembler.emit(.load(.double, .r1, from: slot, plus: 8 * index))
            assembler.emitConstant(.r2, word)
            assembler.emit(.jump64(.notEqual, .r1, .r2, to: differs))
        }
        assembler.emit(.arithmetic64(.move, .r0, negated ? 0 : 1))
        assembler.place(differs)
    }

    mutating func compareAddresses(
        _ left: TypedExpression, _ right: TypedExpression, _ negated: Bool
    ) throws(Diagnostic) {
        let (one, other) = (addressBuffer(0), addressBuffer(1))
        try emitAddressText(left, to: .stack(one, 0))
        try emitAddressText(right, to: .stack(other, 0))
        compareWords(one, other, bytes: 24, negated ? .notEqual : .equal)
    }

    private mutating func addressBuffer(_ index: Int) -> StackSlot { textBuffer(index, size: 24) }

    /// A buffer of the stack for comparisons, 0 or 1.
    private mutating func textBuffer(_ index: Int, size: Int) -> StackSlot {
        if let known = textBuffers[index], known.size >= size { return known }
        let slot = frame.reserve("text", size: size, &assembler)
        textBuffers[index] = slot
        return slot
    }

    mutating func compareTexts(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression
    ) throws(Diagnostic) {
        let forms = try (form(of: left), form(of: right))
        if case (.textNumber, .textNumber) = forms, operation == .equal || operation == .notEqual {
            try evaluateTextNumber(left)
            let slot = frame.temporary(&assembler)
            assembler.emit(.store(.double, .r0, to: slot))
            try evaluateTextNumber(right)
            assembler.emit(.load(.double, .r1, from: slot))
            frame.free(slot)
            return setBoolean(operation == .equal ? .equal : .notEqual, .r0, .register(.r1))
        }
        // A longer text differs from a constant within the two bytes after it.
        let lengths = [left, right].compactMap { if case .text(let text) = $0.form { text.count + 2 } else { nil } }
        let capacity = lengths.max() ?? textSize
        let size = (min(capacity, textSize) + 7) / 8 * 8
        if size > Self.comparedBytes { return try compareLongTexts(operation, left, right, size) }
        let (one, other) = (textBuffer(0, size: size), textBuffer(1, size: size))
        try emit(left, as: .text(capacity: size), to: .stack(one, 0), isKey: true)
        try emit(right, as: .text(capacity: size), to: .stack(other, 0), isKey: true)
        guard let condition = operation.condition(isSigned: false) else { return }
        compareWords(one, other, bytes: size, condition)
    }

    /// The same with texts in scratch memory.
    private mutating func compareLongTexts(
        _ operation: BinaryOperator, _ left: TypedExpression, _ right: TypedExpression, _ size: Int
    ) throws(Diagnostic) {
        guard let condition = operation.condition(isSigned: false) else { return }
        let (one, other) = (scratchMemory.temporary(size), scratchMemory.temporary(size))
        try emit(left, as: .text(capacity: size), to: one.place, isKey: true)
        try emit(right, as: .text(capacity: size), to: other.place, isKey: true)
        let decided = assembler.makeLabel("decided")
        for offset in stride(from: 0, to: size, by: 8) {
            assembler.emit(.load(.double, .r0, from: Self.scratch, Int16(one.offset + offset)))
            assembler.emit(.load(.double, .r1, from: Self.scratch, Int16(other.offset + offset)))
            assembler.emit(.jump64(.notEqual, .r0, .r1, to: decided))
        }
        assembler.place(decided)
        assembler.emit(.convert(.big, bits: 64, .r0))
        assembler.emit(.convert(.big, bits: 64, .r1))
        setBoolean(condition, .r0, .register(.r1))
        scratchMemory.free(one)
        scratchMemory.free(other)
    }

    /// Two of these fit on the stack.
    private static let comparedBytes = 64

    /// r0: whether the bytes of two slots compare like this.
    private mutating func compareWords(
        _ one: StackSlot, _ other: StackSlot, bytes: Int, _ condition: Instruction.Condition
    ) {
        let decided = assembler.makeLabel("decided")
        for offset in stride(from: 0, to: bytes, by: 8) {
            assembler.emit(.load(.double, .r0, from: one, plus: offset))
            assembler.emit(.load(.double, .r1, from: other, plus: offset))
            assembler.emit(.jump64(.notEqual, .r0, .r1, to: decided))
        }
        assembler.place(decided)
        // The first byte counts most.
        assembler.emit(.convert(.big, bits: 64, .r0))
        assembler.emit(.convert(.big, bits: 64, .r1))
        setBoolean(condition, .r0, .register(.r1))
    }
}
