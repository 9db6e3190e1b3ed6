import BPFCode
import DLanguage

// Memory of the kernel, and variables of D.
extension ProbeCompiler {
    /// r0: an address of the kernel → the value there, in r0.
    mutating func loadKernelMemory(
        _ type: DType, offset: Int, bits: BitField?, at position: SourcePosition
    ) throws(Diagnostic) {
        guard type.isScalar else {
            throw .unavailable("the use of a whole struct or array as a number", at: position)
        }
        let bytes = bits.map { ($0.first + $0.count + 7) / 8 } ?? type.integer?.bytes ?? 8
        guard bytes <= 8, let offset = Int32(exactly: offset) else {
            throw .unavailable("a member that is so far away or wide", at: position)
        }
        let slot = frame.temporary(&assembler)
        if ![1, 2, 4, 8].contains(bytes) { assembler.emit(.store(.double, 0, to: slot)) }
        assembler.emit(.arithmetic64(.move, .r3, .r0))
        if offset != 0 { assembler.emit(.arithmetic64(.add, .r3, offset)) }
        assembler.emitAddress(.r1, of: slot)
        assembler.emit(.arithmetic64(.move, .r2, Int32(bytes)))
        assembler.emit(.call(.probeReadKernel))
        assembler.emit(.jump64(.notEqual, .r0, 0, to: fault(.badAddress)))
        let size: Instruction.Size =
            switch bytes {
            case 1: .byte
            case 2: .half
            case 4: .word
            default: .double
            }
        assembler.emit(.load(size, .r0, from: slot))
        frame.free(slot)
        if let bits {
            assembler.emit(.arithmetic64(.shiftLeft, .r0, Int32(64 - bits.first - bits.count)))
            let isSigned = type.integer?.isSigned ?? false
            assembler.emit(.arithmetic64(isSigned ? .shiftRightSigned : .shiftRight, .r0, Int32(64 - bits.count)))
        } else {
            extend(to: type)
        }
    }

    // MARK: Variables

    /// The value of a scalar variable or element, in r0.
    mutating func load(_ storage: Storage, _ type: DType, at position: SourcePosition) throws(Diagnostic) {
        try requireWhole(storage, at: position)
        switch storage.base {
        case .variable(let index):
            switch program.typed.variables[index].scope {
            case .global:
                assembler.emit(
                    .mapValue(.r1, ofMap: MapNames.globals, offset: Int32(program.globalOffsets[index] ?? 0)))
                assembler.emit(.load(.double, .r0, from: .r1, 0))
            case .clause:
                guard let slot = clauseVariables[index] else { return assembler.emit(.arithmetic64(.move, .r0, 0)) }
                assembler.emit(.load(.double, .r0, from: slot))
            case .thread:
                let key = try threadKey(program.typed.variables[index].slot)
                loadElement(of: MapNames.threadVariables, key)
            }
        case .element(let index, let keys):
            let key = try arrayKey(index, keys)
            loadElement(of: MapNames.array(index), key)
        }
    }

    /// Stores r0, which keeps its value.
    mutating func store(_ storage: Storage, _ type: DType, at position: SourcePosition) throws(Diagnostic) {
        try requireWhole(storage, at: position)
        switch storage.base {
        case .variable(let index):
            switch program.typed.variables[index].scope {
            case .global:
                assembler.emit(
                    .mapValue(.r1, ofMap: MapNames.globals, offset: Int32(program.globalOffsets[index] ?? 0)))
                assembler.emit(.store(.double, .r0, to: .r1, 0))
            case .clause:
                guard let slot = clauseVariables[index] else { return }
                assembler.emit(.store(.double, .r0, to: slot))
            case .thread:
                let value = keepValue()
                let key = try threadKey(program.typed.variables[index].slot)
                storeElement(of: MapNames.threadVariables, key, value)
            }
        case .element(let index, let keys):
            let value = keepValue()
            let key = try arrayKey(index, keys)
            storeElement(of: MapNames.array(index), key, value)
        }
    }

    private func requireWhole(_ storage: Storage, at position: SourcePosition) throws(Diagnostic) {
        guard storage.offset == 0, storage.dynamic == nil, storage.bits == nil else {
            throw .unavailable("a part of a variable that is a struct or an array", at: position)
        }
    }

    private mutating func keepValue() -> StackSlot {
        let value = frame.temporary(&assembler)
        assembler.emit(.store(.double, .r0, to: value))
        return value
    }

    /// Builds the key of a thread's variable. Idle threads all have number 0, so their CPU distinguishes them.
    private mutating func threadKey(_ slot: Int) throws(Diagnostic) -> StackSlot {
        let key = frame.block("key", size: 16, &assembler)
        emitThread(to: key, plus: 0)
        assembler.emit(.store(.double, Int32(slot), to: key, plus: 8))
        return key
    }

    private mutating func emitThread(to key: StackSlot, plus offset: Int) {
        let isThread = assembler.makeLabel("thread")
        assembler.emit(.call(.getCurrentPidTgid))
        assembler.emit(.jump64(.notEqual, .r0, 0, to: isThread))
        assembler.emit(.call(.getSmpProcessorId))
        assembler.emit(.arithmetic64(.or, .r0, Int32.min))
        assembler.place(isThread)
        assembler.emit(.store(.double, .r0, to: key, plus: offset))
    }

    private mutating func arrayKey(_ index: Int, _ keys: [TypedExpression]) throws(Diagnostic) -> StackSlot {
        let array = program.typed.arrays[index]
        let prefix = array.scope == .thread ? 8 : 0
        let fields = program.arrayKeys[index]
        let size = prefix + ProgramContext.size(of: fields)
        let key = frame.block("key", size: size, &assembler)
        for (expression, field) in zip(keys, fields) {
            try emit(expression, as: field.form, to: .stack(key, prefix + field.offset), isKey: true)
        }
        if prefix > 0 { emitThread(to: key, plus: 0) }
        return key
    }

    private mutating func loadElement(of map: String, _ key: StackSlot) {
        let missing = assembler.makeLabel("missing")
        assembler.emit(.map(.r1, named: map))
        assembler.emitAddress(.r2, of: key)
        assembler.emit(.call(.mapLookupElem))
        assembler.emit(.jump64(.equal, .r0, 0, to: missing))
        assembler.emit(.load(.double, .r0, from: .r0, 0))
        assembler.place(missing)
        frame.freeBlock(key)
    }

    /// Zero removes the element.
    private mutating func storeElement(of map: String, _ key: StackSlot, _ value: StackSlot) {
        let remove = assembler.makeLabel("remove")
        let done = assembler.makeLabel("stored")
        assembler.emit(.load(.double, .r0, from: value))
        assembler.emit(.jump64(.equal, .r0, 0, to: remove))
        assembler.emit(.map(.r1, named: map))
        assembler.emitAddress(.r2, of: key)
        assembler.emitAddress(.r3, of: value)
        assembler.emit(.arithmetic64(.move, .r4, 0))
        assembler.emit(.call(.mapUpdateElem))
        assembler.emit(.jump64(.equal, .r0, 0, to: done))
        emitLoss(.variables)
        assembler.emit(.jump(done))
        assembler.place(remove)
        assembler.emit(.map(.r1, named: map))
        assembler.emitAddress(.r2, of: key)
        assembler.emit(.call(.mapDeleteElem))
        assembler.place(done)
        assembler.emit(.load(.double, .r0, from: value))
        frame.free(value)
        frame.freeBlock(key)
    }
}
