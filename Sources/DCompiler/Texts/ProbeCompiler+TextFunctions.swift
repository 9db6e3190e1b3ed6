import BPFCode
import DLanguage

// Functions that make a text. Their operands lie in the firing's scratch memory.
extension ProbeCompiler {
    var textSize: Int { program.typed.options.strsize }

    /// Bytes of a text in scratch memory: a power of two, so that a mask keeps an index inside.
    var textBlockSize: Int {
        var size = 8
        while size < textSize { size *= 2 }
        return size
    }

    mutating func emitTextCall(
        _ subroutine: Subroutine, _ arguments: [TypedExpression], capacity: Int, to place: Place,
        at position: SourcePosition
    ) throws(Diagnostic) {
        switch subroutine {
        case .strjoin: try emitJoin(arguments, capacity: capacity, to: place)
        case .substr: try emitSubstring(arguments, capacity: capacity, to: place)
        case .strchr, .strrchr:
            let text = try emitFind(arguments, last: subroutine == .strrchr)
            emitSlice(of: text, from: 0, capacity: capacity, to: place)
            scratchMemory.free(text)
        case .strstr:
            let (text, pattern) = try emitSearch(Array(arguments.prefix(2)), start: nil, backwards: false)
            emitSlice(of: text, from: 2, capacity: capacity, to: place)
            scratchMemory.free(pattern)
            scratchMemory.free(text)
        case .strtok: try emitToken(arguments, capacity: capacity, to: place)
        case .toupper, .tolower: try emitCase(arguments[0], upper: subroutine == .toupper, capacity, to: place)
        case .basename, .dirname: try emitPath(arguments[0], base: subroutine == .basename, capacity, to: place)
        case .lltostr: try emitDigits(arguments, capacity: capacity, to: place)
        case .copyinstr:
            try evaluate(arguments[0])
            assembler.emit(.arithmetic64(.move, .r3, .r0))
            emitAddress(.r1, of: place)
            assembler.emit(.arithmetic64(.move, .r2, Int32(copied(arguments, capacity))))
            assembler.emit(.call(.probeReadUserStr))
            assembler.emit(.jump64(.signedLess, .r0, 0, to: fault(.badAddress)))
        default: throw .unavailable("the function \(subroutine.rawValue)()", at: position)
        }
    }

    /// A size that copyinstr() is given counts the bytes without the NUL.
    private func copied(_ arguments: [TypedExpression], _ capacity: Int) -> Int {
        guard arguments.count > 1, case .constant(let size) = arguments[1].form else { return capacity }
        return min(Int(clamping: size) + 1, capacity)
    }

    /// A text in scratch memory of its own.
    mutating func emitOperand(_ expression: TypedExpression) throws(Diagnostic) -> ScratchBlock {
        let block = scratchMemory.temporary(textBlockSize)
        try emitText(expression, capacity: textSize, to: block.place)
        return block
    }

    /// Copies the text at r3.
    mutating func copyText(capacity: Int, to place: Place) {
        emitAddress(.r1, of: place)
        assembler.emit(.arithmetic64(.move, .r2, Int32(min(capacity, textSize))))
        assembler.emit(.call(.probeReadKernelStr))
    }

    /// r0: the length of a text in scratch memory.
    mutating func emitLength(of block: ScratchBlock) {
        emitAddress(.r1, of: block.place)
        assembler.emit(.arithmetic64(.move, .r2, Int32(textSize)))
        assembler.emit(.arithmetic64(.move, .r3, .r1))
        // The text is copied to itself, and the result counts its NUL.
        assembler.emit(.call(.probeReadKernelStr))
        assembler.emit(.arithmetic64(.subtract, .r0, 1))
    }

    // MARK: Words of scratch memory

    mutating func setWord(_ index: Int, _ value: Int32) {
        assembler.emit(.store(.double, .immediate(value), to: Self.scratch, Int16(ScratchLayout.word(index))))
    }

    mutating func setWord(_ index: Int, _ register: Register) {
        assembler.emit(.store(.double, register, to: Self.scratch, Int16(ScratchLayout.word(index))))
    }

    mutating func loadWord(_ index: Int, _ register: Register) {
        assembler.emit(.load(.double, register, from: Self.scratch, Int16(ScratchLayout.word(index))))
    }

    /// The text that begins at the byte which a word counts; the empty text if that is outside.
    mutating func emitSlice(of block: ScratchBlock, from word: Int, capacity: Int, to place: Place) {
        let empty = assembler.makeLabel("empty")
        let done = assembler.makeLabel("sliced")
        loadWord(word, .r1)
        assembler.emit(.jump64(.greaterOrEqual, .r1, Int32(textSize), to: empty))
        emitAddress(.r3, of: block.place)
        assembler.emit(.arithmetic64(.add, .r3, .r1))
        copyText(capacity: capacity, to: place)
        assembler.emit(.jump(done))
        assembler.place(empty)
        storeConstant(0, to: place, plus: 0)
        assembler.place(done)
    }

    // MARK: Functions

    private mutating func emitJoin(
        _ arguments: [TypedExpression], capacity: Int, to place: Place
    ) throws(Diagnostic) {
        let joined = scratchMemory.temporary(2 * textSize)
        try emitText(arguments[0], capacity: textSize, to: joined.place)
        let second = try emitOperand(arguments[1])
        let whole = assembler.makeLabel("whole")
        emitLength(of: joined)
        assembler.emit(.jump64(.greaterOrEqual, .r0, Int32(textSize), to: whole))
        emitAddress(.r1, of: joined.place)
        assembler.emit(.arithmetic64(.add, .r1, .r0))
        assembler.emit(.arithmetic64(.move, .r2, Int32(textSize)))
        emitAddress(.r3, of: second.place)
        assembler.emit(.call(.probeReadKernelStr))
        assembler.place(whole)
        emitAddress(.r3, of: joined.place)
        copyText(capacity: capacity, to: place)
        scratchMemory.free(second)
        scratchMemory.free(joined)
    }

    /// As in other systems: a negative start counts from the end, a negative length leaves bytes out
    /// at the end.
    private mutating func emitSubstring(
        _ arguments: [TypedExpression], capacity: Int, to place: Place
    ) throws(Diagnostic) {
        let text = try emitOperand(arguments[0])
        let start = frame.temporary(&assembler)
        let count = frame.temporary(&assembler)
        try evaluate(arguments[1])
        assembler.emit(.store(.double, .r0, to: start))
        if arguments.count > 2 {
            try evaluate(arguments[2])
            assembler.emit(.store(.double, .r0, to: count))
        } else {
            assembler.emit(.store(.double, Int32(textSize), to: count))
        }
        emitLength(of: text)
        let isPlaced = assembler.makeLabel("placed")
        let isCounted = assembler.makeLabel("counted")
        let isShort = assembler.makeLabel("short")
        let empty = assembler.makeLabel("empty")
        let done = assembler.makeLabel("substring")
        assembler.emit(.load(.double, .r1, from: start))
        assembler.emit(.load(.double, .r2, from: count))
        assembler.emit(.jump64(.signedGreaterOrEqual, .r1, 0, to: isPlaced))
        assembler.emit(.arithmetic64(.add, .r1, .r0))
        assembler.emit(.jump64(.signedGreaterOrEqual, .r1, 0, to: isPlaced))
        assembler.emit(.arithmetic64(.add, .r2, .r1))
        assembler.emit(.jump64(.signedLessOrEqual, .r2, 0, to: empty))
        assembler.emit(.arithmetic64(.move, .r1, 0))
        assembler.place(isPlaced)
        assembler.emit(.jump64(.greaterOrEqual, .r1, .r0, to: empty))
        assembler.emit(.jump64(.signedGreaterOrEqual, .r2, 0, to: isCounted))
        assembler.emit(.arithmetic64(.add, .r2, .r0))
        assembler.emit(.arithmetic64(.subtract, .r2, .r1))
        assembler.emit(.jump64(.signedLessOrEqual, .r2, 0, to: empty))
        assembler.place(isCounted)
        assembler.emit(.jump64(.less, .r2, Int32(textSize), to: isShort))
        assembler.emit(.arithmetic64(.move, .r2, Int32(textSize - 1)))
        assembler.place(isShort)
        assembler.emit(.arithmetic64(.add, .r2, 1))
        assembler.emit(.jump64(.greaterOrEqual, .r1, Int32(textSize), to: empty))
        emitAddress(.r3, of: text.place)
        assembler.emit(.arithmetic64(.add, .r3, .r1))
        let part = scratchMemory.temporary(textSize)
        emitAddress(.r1, of: part.place)
        assembler.emit(.call(.probeReadKernelStr))
        emitAddress(.r3, of: part.place)
        copyText(capacity: capacity, to: place)
        assembler.emit(.jump(done))
        assembler.place(empty)
        storeConstant(0, to: place, plus: 0)
        assembler.place(done)
        scratchMemory.free(part)
        scratchMemory.free(text)
        frame.free(start)
        frame.free(count)
    }

    private mutating func emitCase(
        _ argument: TypedExpression, upper: Bool, _ capacity: Int, to place: Place
    ) throws(Diagnostic) {
        let text = try emitOperand(argument)
        let first = Int32(UInt8(ascii: upper ? "a" : "A"))
        emitLoop(count: textSize) { compiler, next, done in
            compiler.emitByte(of: text, at: .r5)
            compiler.exit(to: done, if: .equal, .r0, .immediate(0))
            compiler.assembler.emit(.jump64(.less, .r0, first, to: next))
            compiler.assembler.emit(.jump64(.greater, .r0, first + 25, to: next))
            compiler.assembler.emit(.arithmetic64(.xor, .r0, 0x20))
            compiler.assembler.emit(.store(.byte, .r0, to: .r1, 0))
        }
        emitAddress(.r3, of: text.place)
        copyText(capacity: capacity, to: place)
        scratchMemory.free(text)
    }
}
