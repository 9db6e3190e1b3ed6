import BPFCode
import DLanguage

// The values that the probe gives, worked out at its start as far as its clauses use them.
extension ProbeCompiler {
    mutating func emitInputs() throws(Diagnostic) {
        var needed: Set<ProbeInput> = []
        var variables: Set<Int> = []
        var usesClock = false
        var usesTokens = false
        for (_, clause) in clauses {
            clause.forEach { expression in
                switch expression.form {
                case .input(let input): needed.insert(input)
                case .builtin(.argument(let index)):
                    let words = words(of: clause)
                    if words.indices.contains(index) { needed.insert(words[index]) }
                case .builtin(.timestamp), .builtin(.walltimestamp): usesClock = true
                case .call(.strtok, _): usesTokens = true
                case .storage(let storage), .assign(let storage, _), .assignAfter(let storage, _):
                    if case .variable(let index) = storage.base { variables.insert(index) }
                default: break
                }
            }
        }
        switch probe.site.place {
        case .plain: break
        case .packet(let place):
            var reader = PacketReader(place, needed)
            try reader.emit(&self)
        case .connection(let place): try ConnectionReader(place, needed).emit(&self)
        }
        for input in needed.sorted(by: { "\($0)" < "\($1)" }) where inputs[input] == nil {
            guard emitPlainInput(input) else { continue }
            inputs[input] = storeInput("\(input)")
        }
        if usesClock {
            assembler.emit(.call(.ktimeGetNs))
            clock = storeInput("timestamp")
        }
        usedVariables = variables
        planOwnMemory()
        if usesTokens {
            let buffer = scratchMemory.temporary(textSize)
            tokens = TokenState(buffer: buffer, position: scratchMemory.reserve(8))
        }
    }

    /// `arg0` … of a clause.
    func words(of clause: TypedClause) -> [ProbeInput] {
        // User space gives ERROR its arguments.
        probe.site == .error ? (0..<6).map { .parameter($0) } : clause.signature.words
    }

    /// A slot with r0.
    mutating func storeInput(_ name: String) -> StackSlot {
        let slot = frame.reserve(name, size: 8, &assembler)
        assembler.emit(.store(.double, .r0, to: slot))
        return slot
    }

    /// Leaves an input that is no packet's in r0. Returns false if this probe does not have it.
    mutating func emitPlainInput(_ input: ProbeInput) -> Bool {
        switch (input, probe.site) {
        case (.zero, _): assembler.emit(.arithmetic64(.move, .r0, 0))
        case (.parameter(let index), .tracepoint), (.parameter(let index), .error):
            // MAX_BPF_FUNC_ARGS of include/linux/bpf.h.
            guard index < 12 else { return false }
            assembler.emit(.load(.double, .r0, from: Self.context, Int16(8 * index)))
        case (.parameter(let index), .function(_, false, _)):
            guard Registers.parameters.indices.contains(index) else { return false }
            assembler.emit(.load(.double, .r0, from: Self.context, Registers.parameters[index]))
        case (.returnValue, .function(_, true, _)):
            assembler.emit(.load(.double, .r0, from: Self.context, Registers.result))
        case (.parameter(let index), .systemCall(_, false)):
            guard SavedRegisters.parameters.indices.contains(index) else { return false }
            emitSavedRegister(SavedRegisters.parameters[index])
        case (.returnValue, .systemCall(_, true)): assembler.emit(.load(.double, .r0, from: Self.context, 8))
        case (.ticksPerSecond, _):
            assembler.emit(.mapValue(.r1, ofMap: MapNames.state, offset: ProgramState.ticksPerSecond))
            assembler.emit(.load(.double, .r0, from: .r1, 0))
        case (.kernelCounter, .everyNanoseconds), (.kernelCounter, .frequency),
            (.userCounter, .everyNanoseconds), (.userCounter, .frequency):
            emitCounter(ofUser: input == .userCounter)
        default: return false
        }
        return true
    }

    /// The program counter, if the clock interrupted the kernel, or a process.
    private mutating func emitCounter(ofUser: Bool) {
        let isOther = assembler.makeLabel("other_mode")
        assembler.emit(.load(.double, .r1, from: Self.context, Registers.mode))
        // arch/x86/include/asm/ptrace.h, user_mode(): the lower two bits of CS.
        assembler.emit(.arithmetic64(.and, .r1, 3))
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.emit(.jump64(ofUser ? .equal : .notEqual, .r1, 0, to: isOther))
        assembler.emit(.load(.double, .r0, from: Self.context, Registers.counter))
        assembler.place(isOther)
    }
}

/// Byte offsets in `struct pt_regs` of x86-64 (arch/x86/include/asm/ptrace.h).
private enum Registers {
    /// di, si, dx, cx, r8, r9.
    static let parameters: [Int16] = [112, 104, 96, 88, 72, 64]
    /// ax
    static let result: Int16 = 80
    /// ip
    static let counter: Int16 = 128
    /// cs
    static let mode: Int16 = 136
}
