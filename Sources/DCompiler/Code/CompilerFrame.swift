import BPFCode

/// Stack slots that expressions use one after the other: of eight bytes, and larger blocks.
struct CompilerFrame {
    private var available: [StackSlot] = []
    private var blocks: [StackSlot] = []
    /// The stack was full: the program cannot be compiled.
    private(set) var isFull = false

    mutating func temporary(_ assembler: inout Assembler) -> StackSlot {
        if let slot = available.popLast() { return slot }
        return reserve("temporary", size: 8, &assembler)
    }

    mutating func free(_ slot: StackSlot) { available.append(slot) }

    /// At least `size` bytes, for a key.
    mutating func block(_ name: String, size: Int, _ assembler: inout Assembler) -> StackSlot {
        if let index = blocks.firstIndex(where: { $0.size >= size }) { return blocks.remove(at: index) }
        return reserve(name, size: size, &assembler)
    }

    mutating func freeBlock(_ slot: StackSlot) { blocks.append(slot) }

    mutating func reserve(_ name: String, size: Int, _ assembler: inout Assembler) -> StackSlot {
        if let slot = assembler.reserve(name, size: size) { return slot }
        isFull = true
        // A place that exists, so that compilation goes on to the report of the error.
        return assembler.stack.slots.first ?? StackFrame.placeholder
    }
}

extension StackFrame {
    fileprivate static var placeholder: StackSlot {
        var frame = StackFrame()
        // An empty frame has room for eight bytes.
        return frame.reserve("placeholder", size: 8)!
    }
}
