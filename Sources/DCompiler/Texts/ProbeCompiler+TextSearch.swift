import BPFCode
import DLanguage

// Loops over the bytes of texts. Only r5, the number of the round, is known to the verifier: other values lie in words of the
// scratch memory, so that all rounds look alike to it.
extension ProbeCompiler {
    /// Runs the body for r5 = 0, 1, … with labels for the next round and for the end. The body leaves r5 as it is.
    mutating func emitLoop(count: Int, _ body: (inout ProbeCompiler, _ next: Label, _ done: Label) -> Void) {
        let again = assembler.makeLabel("round")
        let next = assembler.makeLabel("next")
        let done = assembler.makeLabel("done")
        assembler.emit(.arithmetic64(.move, .r5, 0))
        assembler.place(again)
        body(&self, next, done)
        assembler.place(next)
        assembler.emit(.arithmetic64(.add, .r5, 1))
        assembler.emit(.jump64(.less, .r5, Int32(count), to: again))
        assembler.place(done)
    }

    /// Leaves a loop. The verifier follows this way first, and comes back to the loop with nothing left to remember; the
    /// other way round it would keep a branch in mind for each round, and it keeps at most 8192.
    mutating func exit(
        to label: Label, if condition: Instruction.Condition, _ left: Register, _ right: Instruction.Operand
    ) {
        let stays = assembler.makeLabel("stays")
        assembler.emit(.branch(.double, condition.opposite ?? condition, left, right, stays))
        assembler.emit(.jump(label))
        assembler.place(stays)
    }

    /// r0: the byte at this distance from the start; r1: its address.
    mutating func emitByte(of block: ScratchBlock, at index: Register) {
        emitAddress(.r1, of: block.place)
        assembler.emit(.arithmetic64(.add, .r1, index))
        assembler.emit(.load(.byte, .r0, from: .r1, 0))
    }

    /// Word 0: where a character is, first or last; -1: nowhere.
    mutating func emitFind(_ arguments: [TypedExpression], last: Bool) throws(Diagnostic) -> ScratchBlock {
        let text = try emitOperand(arguments[0])
        try evaluate(arguments[1])
        assembler.emit(.arithmetic64(.move, .r4, .r0))
        assembler.emit(.arithmetic64(.and, .r4, 0xff))
        setWord(0, -1)
        emitLoop(count: textSize) { compiler, next, done in
            let other = compiler.assembler.makeLabel("other")
            compiler.emitByte(of: text, at: .r5)
            compiler.assembler.emit(.jump64(.notEqual, .r0, .r4, to: other))
            compiler.setWord(0, .r5)
            if !last { compiler.assembler.emit(.jump(done)) }
            compiler.assembler.place(other)
            compiler.exit(to: done, if: .equal, .r0, .immediate(0))
        }
        return text
    }

    /// Word 2: where a text contains another one; -1: nowhere.
    ///
    /// - Parameter start: where the search begins; backwards it goes towards the start of the text.
    mutating func emitSearch(
        _ arguments: [TypedExpression], start: TypedExpression?, backwards: Bool
    ) throws(Diagnostic) -> (text: ScratchBlock, pattern: ScratchBlock) {
        let text = try emitOperand(arguments[0])
        let pattern = try emitOperand(arguments[1])
        let begin = frame.temporary(&assembler)
        if let start {
            try evaluate(start)
            assembler.emit(.store(.double, .r0, to: begin))
        } else {
            assembler.emit(.store(.double, backwards ? Int32(textSize) : 0, to: begin))
        }
        if backwards {
            emitBackwardStart(text, pattern, begin)
        } else {
            let isPositive = assembler.makeLabel("positive")
            let isInside = assembler.makeLabel("inside")
            emitLength(of: text)
            assembler.emit(.load(.double, .r1, from: begin))
            assembler.emit(.jump64(.signedGreaterOrEqual, .r1, 0, to: isPositive))
            assembler.emit(.arithmetic64(.move, .r1, 0))
            assembler.place(isPositive)
            // Beyond the end nothing is found.
            assembler.emit(.jump64(.lessOrEqual, .r1, .r0, to: isInside))
            assembler.emit(.arithmetic64(.move, .r1, Int32(2 * textSize)))
            assembler.place(isInside)
            setWord(0, .r1)
        }
        frame.free(begin)
        emitSearchLoop(text, pattern, backwards: backwards)
        return (text, pattern)
    }

    /// Word 0: the last place at which the pattern has room, and that is not after the start; may be negative.
    private mutating func emitBackwardStart(_ text: ScratchBlock, _ pattern: ScratchBlock, _ begin: StackSlot) {
        let isSmaller = assembler.makeLabel("smaller")
        emitLength(of: text)
        setWord(1, .r0)
        emitLength(of: pattern)
        loadWord(1, .r1)
        assembler.emit(.arithmetic64(.subtract, .r1, .r0))
        assembler.emit(.load(.double, .r2, from: begin))
        assembler.emit(.jump64(.signedLessOrEqual, .r1, .r2, to: isSmaller))
        assembler.emit(.arithmetic64(.move, .r1, .r2))
        assembler.place(isSmaller)
        setWord(0, .r1)
    }

    /// Compares one byte a round: word 0 is the place in the text, word 1 the one in the pattern.
    private mutating func emitSearchLoop(_ text: ScratchBlock, _ pattern: ScratchBlock, backwards: Bool) {
        setWord(1, 0)
        setWord(2, -1)
        let outside = assembler.makeLabel("outside")
        loadWord(0, .r3)
        assembler.emit(.jump64(.greaterOrEqual, .r3, Int32(textSize), to: outside))
        emitLoop(count: Self.searchRounds) { compiler, next, done in
            compiler.loadWord(1, .r2)
            compiler.assembler.emit(.arithmetic64(.and, .r2, Int32(compiler.textBlockSize - 1)))
            compiler.emitByte(of: pattern, at: .r2)
            let more = compiler.assembler.makeLabel("more")
            compiler.assembler.emit(.jump64(.notEqual, .r0, 0, to: more))
            compiler.loadWord(0, .r3)
            compiler.setWord(2, .r3)
            compiler.assembler.emit(.jump(done))
            compiler.assembler.place(more)
            compiler.assembler.emit(.arithmetic64(.move, .r4, .r0))
            compiler.loadWord(0, .r3)
            compiler.assembler.emit(.arithmetic64(.add, .r3, .r2))
            compiler.assembler.emit(.arithmetic64(.and, .r3, Int32(compiler.textBlockSize - 1)))
            compiler.emitByte(of: text, at: .r3)
            compiler.exit(to: done, if: .equal, .r0, .immediate(0))
            // r4: 1 if the bytes are equal, otherwise 0, without a branch.
            compiler.assembler.emit(.arithmetic64(.xor, .r4, .r0))
            compiler.assembler.emit(.arithmetic64(.subtract, .r4, 1))
            compiler.assembler.emit(.arithmetic64(.shiftRight, .r4, 63))
            compiler.assembler.emit(.arithmetic64(.add, .r2, 1))
            compiler.assembler.emit(.arithmetic64(.multiply, .r2, .r4))
            compiler.setWord(1, .r2)
            compiler.loadWord(0, .r3)
            compiler.assembler.emit(.arithmetic64(.xor, .r4, 1))
            compiler.assembler.emit(.arithmetic64(backwards ? .subtract : .add, .r3, .r4))
            compiler.setWord(0, .r3)
            if backwards { compiler.exit(to: done, if: .signedLess, .r3, .immediate(0)) }
        }
        assembler.place(outside)
    }

    /// Enough for any text of 255 bytes and any pattern of 8, and for nearly all others.
    private static let searchRounds = 2048

    /// strtok(): the buffer and the place in it last as long as the firing.
    mutating func emitToken(_ arguments: [TypedExpression], capacity: Int, to place: Place) throws(Diagnostic) {
        guard let tokens else { return }
        if !arguments[0].type.isScalar {
            try emitText(arguments[0], capacity: textSize, to: tokens.buffer.place)
            assembler.emit(.store(.double, .immediate(0), to: Self.scratch, Int16(tokens.position)))
        }
        let delimiters = try emitOperand(arguments[1])
        let bits = scratchMemory.temporary(32)
        clear(bits.place, bytes: 32)
        emitLoop(count: textSize) { compiler, next, done in
            compiler.emitByte(of: delimiters, at: .r5)
            compiler.exit(to: done, if: .equal, .r0, .immediate(0))
            compiler.emitBit(of: bits)
            compiler.assembler.emit(.arithmetic64(.move, .r3, 1))
            compiler.assembler.emit(.arithmetic64(.shiftLeft, .r3, .r2))
            compiler.assembler.emit(.load(.double, .r0, from: .r1, 0))
            compiler.assembler.emit(.arithmetic64(.or, .r0, .r3))
            compiler.assembler.emit(.store(.double, .r0, to: .r1, 0))
        }
        setWord(1, -1)
        assembler.emit(.load(.double, .r0, from: Self.scratch, Int16(tokens.position)))
        setWord(0, .r0)
        let none = assembler.makeLabel("no_token")
        emitSkip(tokens.buffer, bits, whileDelimiter: true, atEnd: none)
        loadWord(0, .r0)
        setWord(1, .r0)
        emitSkip(tokens.buffer, bits, whileDelimiter: false, atEnd: none)
        // The delimiter ends the token's text.
        loadWord(0, .r2)
        assembler.emit(.jump64(.greaterOrEqual, .r2, Int32(textSize), to: none))
        emitAddress(.r1, of: tokens.buffer.place)
        assembler.emit(.arithmetic64(.add, .r1, .r2))
        assembler.emit(.store(.byte, .immediate(0), to: .r1, 0))
        assembler.emit(.arithmetic64(.add, .r2, 1))
        setWord(0, .r2)
        assembler.place(none)
        loadWord(0, .r0)
        assembler.emit(.store(.double, .r0, to: Self.scratch, Int16(tokens.position)))
        emitSlice(of: tokens.buffer, from: 1, capacity: capacity, to: place)
        scratchMemory.free(bits)
        scratchMemory.free(delimiters)
    }

    /// Moves word 0 over delimiters, or over all other bytes.
    private mutating func emitSkip(
        _ text: ScratchBlock, _ bits: ScratchBlock, whileDelimiter: Bool, atEnd end: Label
    ) {
        emitLoop(count: textSize) { compiler, next, done in
            compiler.loadWord(0, .r3)
            compiler.exit(to: end, if: .greaterOrEqual, .r3, .immediate(Int32(compiler.textSize)))
            compiler.emitByte(of: text, at: .r3)
            compiler.exit(to: end, if: .equal, .r0, .immediate(0))
            compiler.emitBit(of: bits)
            compiler.assembler.emit(.load(.double, .r1, from: .r1, 0))
            compiler.assembler.emit(.arithmetic64(.shiftRight, .r1, .r2))
            compiler.assembler.emit(.arithmetic64(.and, .r1, 1))
            compiler.exit(to: done, if: whileDelimiter ? .equal : .notEqual, .r1, .immediate(0))
            compiler.assembler.emit(.arithmetic64(.add, .r3, 1))
            compiler.setWord(0, .r3)
        }
    }

    /// r0: a byte → r1: the address of its word among 256 bits, r2: the bit.
    private mutating func emitBit(of bits: ScratchBlock) {
        assembler.emit(.arithmetic64(.move, .r2, .r0))
        assembler.emit(.arithmetic64(.shiftRight, .r0, 3))
        assembler.emit(.arithmetic64(.and, .r0, 0x18))
        emitAddress(.r1, of: bits.place)
        assembler.emit(.arithmetic64(.add, .r1, .r0))
        assembler.emit(.arithmetic64(.and, .r2, 63))
    }
}

/// The state of strtok() during a firing.
struct TokenState {
    let buffer: ScratchBlock
    /// Offset of a word of scratch memory.
    let position: Int
}
