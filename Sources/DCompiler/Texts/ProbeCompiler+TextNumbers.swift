import BPFCode
import DLanguage

// Numbers and paths as texts.
extension ProbeCompiler {
    /// lltostr(): with 0 before octal and 0x before hexadecimal digits, as in other systems.
    mutating func emitDigits(
        _ arguments: [TypedExpression], capacity: Int, to place: Place
    ) throws(Diagnostic) {
        let digits = scratchMemory.temporary(72)
        let value = frame.temporary(&assembler)
        let base = frame.temporary(&assembler)
        try evaluate(arguments[0])
        assembler.emit(.store(.double, .r0, to: value))
        try emitBase(arguments, to: base)
        let isPositive = assembler.makeLabel("positive")
        assembler.emit(.load(.double, .r3, from: value))
        assembler.emit(.load(.double, .r2, from: base))
        assembler.emit(.jump64(.notEqual, .r2, 10, to: isPositive))
        assembler.emit(.jump64(.signedGreaterOrEqual, .r3, 0, to: isPositive))
        assembler.emit(.negate(.double, .r3))
        assembler.place(isPositive)
        setWord(0, .r3)
        setWord(1, 71)
        assembler.emit(.store(.byte, .immediate(0), to: Self.scratch, Int16(digits.offset + 71)))
        emitLoop(count: 64) { compiler, next, done in
            let isDecimal = compiler.assembler.makeLabel("decimal")
            compiler.loadWord(0, .r3)
            compiler.exit(to: done, if: .equal, .r3, .immediate(0))
            compiler.assembler.emit(.load(.double, .r2, from: base))
            compiler.assembler.emit(.arithmetic64(.move, .r4, .r3))
            compiler.assembler.emit(.arithmetic64(.modulo, .r4, .r2))
            compiler.assembler.emit(.arithmetic64(.divide, .r3, .r2))
            compiler.setWord(0, .r3)
            compiler.assembler.emit(.jump64(.less, .r4, 10, to: isDecimal))
            compiler.assembler.emit(.arithmetic64(.add, .r4, Int32(UInt8(ascii: "a")) - 10 - 48))
            compiler.assembler.place(isDecimal)
            compiler.assembler.emit(.arithmetic64(.add, .r4, 48))
            compiler.emitPrepend(digits)
        }
        emitPrefix(digits, value, base)
        emitSlice(of: digits, from: 1, capacity: min(capacity, 72), to: place)
        scratchMemory.free(digits)
        frame.free(value)
        frame.free(base)
    }

    /// A base from 2 to 36; 10 without one.
    private mutating func emitBase(_ arguments: [TypedExpression], to slot: StackSlot) throws(Diagnostic) {
        guard arguments.count > 1 else { return assembler.emit(.store(.double, 10, to: slot)) }
        try evaluate(arguments[1])
        assembler.emit(.jump64(.signedLess, .r0, 2, to: fault(.illegalOperation)))
        assembler.emit(.jump64(.signedGreater, .r0, 36, to: fault(.illegalOperation)))
        assembler.emit(.store(.double, .r0, to: slot))
    }

    /// Writes the character in r4 before the text, which begins at the place in word 1.
    private mutating func emitPrepend(_ block: ScratchBlock) {
        let full = assembler.makeLabel("full")
        loadWord(1, .r2)
        assembler.emit(.arithmetic64(.subtract, .r2, 1))
        assembler.emit(.jump64(.greater, .r2, 70, to: full))
        setWord(1, .r2)
        emitAddress(.r1, of: block.place)
        assembler.emit(.arithmetic64(.add, .r1, .r2))
        assembler.emit(.store(.byte, .r4, to: .r1, 0))
        assembler.place(full)
    }

    private mutating func emitPrefix(_ digits: ScratchBlock, _ value: StackSlot, _ base: StackSlot) {
        let notHexadecimal = assembler.makeLabel("not_hexadecimal")
        let noDigit = assembler.makeLabel("no_digit")
        let zero = assembler.makeLabel("zero")
        let noZero = assembler.makeLabel("no_zero")
        let noSign = assembler.makeLabel("no_sign")
        func prepend(_ character: Unicode.Scalar, _ compiler: inout ProbeCompiler) {
            compiler.assembler.emit(.arithmetic64(.move, .r4, Int32(UInt8(ascii: character))))
            compiler.emitPrepend(digits)
        }
        assembler.emit(.load(.double, .r3, from: value))
        assembler.emit(.load(.double, .r5, from: base))
        assembler.emit(.jump64(.notEqual, .r5, 16, to: notHexadecimal))
        assembler.emit(.jump64(.notEqual, .r3, 0, to: noDigit))
        prepend("0", &self)
        assembler.place(noDigit)
        prepend("x", &self)
        assembler.emit(.jump(zero))
        assembler.place(notHexadecimal)
        assembler.emit(.jump64(.equal, .r5, 8, to: zero))
        assembler.emit(.jump64(.notEqual, .r3, 0, to: noZero))
        assembler.place(zero)
        prepend("0", &self)
        assembler.place(noZero)
        assembler.emit(.jump64(.notEqual, .r5, 10, to: noSign))
        assembler.emit(.jump64(.signedGreaterOrEqual, .r3, 0, to: noSign))
        prepend("-", &self)
        assembler.place(noSign)
    }

    /// strtoll(): blanks, a sign, digits of the base, in r0. Word 0 is the value, 1 the sign, 2 whether digits have begun,
    /// 3 how many there were.
    mutating func emitNumber(_ arguments: [TypedExpression]) throws(Diagnostic) {
        let text = try emitOperand(arguments[0])
        let base = frame.temporary(&assembler)
        try emitBase(arguments, to: base)
        for word in 0..<4 { setWord(word, 0) }
        emitLoop(count: textSize) { compiler, next, done in
            let digits = compiler.assembler.makeLabel("digits")
            let begin = compiler.assembler.makeLabel("begin")
            let negative = compiler.assembler.makeLabel("negative")
            compiler.emitByte(of: text, at: .r5)
            compiler.loadWord(2, .r1)
            compiler.assembler.emit(.jump64(.notEqual, .r1, 0, to: digits))
            compiler.assembler.emit(.jump64(.equal, .r0, 32, to: next))
            compiler.assembler.emit(.arithmetic64(.move, .r1, .r0))
            compiler.assembler.emit(.arithmetic64(.subtract, .r1, 9))
            compiler.assembler.emit(.jump64(.lessOrEqual, .r1, 4, to: next))
            compiler.setWord(2, 1)
            compiler.assembler.emit(.jump64(.equal, .r0, Int32(UInt8(ascii: "-")), to: negative))
            compiler.assembler.emit(.jump64(.equal, .r0, Int32(UInt8(ascii: "+")), to: next))
            compiler.assembler.emit(.jump(digits))
            compiler.assembler.place(negative)
            compiler.setWord(1, 1)
            compiler.assembler.emit(.jump(next))
            compiler.assembler.place(digits)
            compiler.emitDigit(base, begin, next, done)
        }
        let isPositive = assembler.makeLabel("positive")
        loadWord(0, .r0)
        loadWord(1, .r1)
        assembler.emit(.jump64(.equal, .r1, 0, to: isPositive))
        assembler.emit(.negate(.double, .r0))
        assembler.place(isPositive)
        scratchMemory.free(text)
        frame.free(base)
    }

    /// r0: a character.
    private mutating func emitDigit(_ base: StackSlot, _ begin: Label, _ next: Label, _ done: Label) {
        let letter = assembler.makeLabel("letter")
        let value = assembler.makeLabel("value")
        assembler.emit(.load(.double, .r2, from: base))
        // 0x before hexadecimal digits.
        assembler.emit(.jump64(.notEqual, .r2, 16, to: begin))
        assembler.emit(.arithmetic64(.move, .r1, .r0))
        assembler.emit(.arithmetic64(.or, .r1, 0x20))
        assembler.emit(.jump64(.notEqual, .r1, Int32(UInt8(ascii: "x")), to: begin))
        loadWord(3, .r1)
        exit(to: done, if: .notEqual, .r1, .immediate(1))
        loadWord(0, .r1)
        exit(to: done, if: .notEqual, .r1, .immediate(0))
        setWord(3, 2)
        assembler.emit(.jump(next))
        assembler.place(begin)
        assembler.emit(.arithmetic64(.subtract, .r0, 48))
        assembler.emit(.jump64(.less, .r0, 10, to: value))
        assembler.place(letter)
        assembler.emit(.arithmetic64(.add, .r0, 48))
        assembler.emit(.arithmetic64(.or, .r0, 0x20))
        assembler.emit(.arithmetic64(.subtract, .r0, Int32(UInt8(ascii: "a"))))
        exit(to: done, if: .greater, .r0, .immediate(25))
        assembler.emit(.arithmetic64(.add, .r0, 10))
        assembler.place(value)
        exit(to: done, if: .greaterOrEqual, .r0, .register(.r2))
        loadWord(0, .r1)
        assembler.emit(.arithmetic64(.multiply, .r1, .r2))
        assembler.emit(.arithmetic64(.add, .r1, .r0))
        setWord(0, .r1)
        loadWord(3, .r1)
        assembler.emit(.arithmetic64(.add, .r1, 1))
        setWord(3, .r1)
    }

    /// basename() and dirname(). Word 0 is where the last part begins, 1 where it ends, 2 where the part before it ends, 3
    /// whether the last byte was a slash.
    mutating func emitPath(
        _ argument: TypedExpression, base: Bool, _ capacity: Int, to place: Place
    ) throws(Diagnostic) {
        let text = try emitOperand(argument)
        for word in 0..<3 { setWord(word, 0) }
        setWord(3, 1)
        emitLoop(count: textSize) { compiler, next, done in
            let slash = compiler.assembler.makeLabel("slash")
            let inside = compiler.assembler.makeLabel("inside")
            compiler.emitByte(of: text, at: .r5)
            compiler.exit(to: done, if: .equal, .r0, .immediate(0))
            compiler.assembler.emit(.jump64(.equal, .r0, 47, to: slash))
            compiler.loadWord(3, .r1)
            compiler.assembler.emit(.jump64(.equal, .r1, 0, to: inside))
            compiler.loadWord(1, .r1)
            compiler.setWord(2, .r1)
            compiler.setWord(0, .r5)
            compiler.setWord(3, 0)
            compiler.assembler.place(inside)
            compiler.assembler.emit(.arithmetic64(.move, .r1, .r5))
            compiler.assembler.emit(.arithmetic64(.add, .r1, 1))
            compiler.setWord(1, .r1)
            compiler.assembler.emit(.jump(next))
            compiler.assembler.place(slash)
            compiler.setWord(3, 1)
        }
        let none = assembler.makeLabel("no_part")
        let done = assembler.makeLabel("path")
        loadWord(base ? 1 : 2, .r2)
        assembler.emit(.jump64(.equal, .r2, 0, to: none))
        assembler.emit(.jump64(.greaterOrEqual, .r2, Int32(textSize), to: none))
        emitAddress(.r1, of: text.place)
        assembler.emit(.arithmetic64(.add, .r1, .r2))
        assembler.emit(.store(.byte, .immediate(0), to: .r1, 0))
        if !base { setWord(0, 0) }
        emitSlice(of: text, from: 0, capacity: capacity, to: place)
        assembler.emit(.jump(done))
        // Only slashes, or a part without a folder.
        assembler.place(none)
        let isRelative = assembler.makeLabel("relative")
        assembler.emit(.load(.byte, .r1, from: Self.scratch, Int16(text.offset)))
        assembler.emit(.jump64(.notEqual, .r1, 47, to: isRelative))
        storeConstant(47, to: place, plus: 0)
        assembler.emit(.jump(done))
        assembler.place(isRelative)
        storeConstant(46, to: place, plus: 0)
        assembler.place(done)
        scratchMemory.free(text)
    }
}
