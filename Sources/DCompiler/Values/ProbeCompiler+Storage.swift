import BPFCode
import DLanguage

// Variables of D. A scalar has 64 bits; structs and arrays have the places of C, and texts their bytes.
extension ProbeCompiler {
    /// Whether the place is a variable or element as a whole.
    private func isWhole(_ storage: Storage) -> Bool {
        if case .memory = storage.base { return false }
        return storage.offset == 0 && storage.dynamic == nil && storage.bits == nil && type(of: storage).isScalar
    }

    func type(of storage: Storage) -> DType {
        switch storage.base {
        case .variable(let index): program.typed.variables[index].type
        case .element(let index, _): program.typed.arrays[index].element
        case .memory(let address): address.type.target ?? .void
        }
    }

    /// The slots of `this->` variables: small ones lie on the stack if it has room.
    mutating func emitClauseVariables() {
        if let tokens {
            clear(tokens.buffer.place, bytes: 8)
            clear(.scratch(tokens.position), bytes: 8)
        }
        for index in usedVariables.sorted() where program.typed.variables[index].scope == .clause {
            let variable = program.typed.variables[index]
            let size = program.storageSize(of: variable.type)
            if variable.type.isScalar, !hasScratch {
                let slot = frame.reserve("this->\(variable.name)", size: 8, &assembler)
                assembler.emit(.store(.double, 0, to: slot))
                clauseVariables[index] = slot
            } else {
                let offset = scratchMemory.reserve(size)
                scratchVariables[index] = offset
                clear(.scratch(offset), bytes: variable.type == .string ? 8 : size)
            }
        }
    }

    // MARK: Scalars

    /// The value of a scalar, in r0.
    mutating func load(_ storage: Storage, _ type: DType, at position: SourcePosition) throws(Diagnostic) {
        if case .variable(let index) = storage.base, isWhole(storage), let slot = clauseVariables[index] {
            return assembler.emit(.load(.double, .r0, from: slot))
        }
        let missing = assembler.makeLabel("missing")
        try emitPointer(to: storage, orElse: missing, at: position)
        if isWhole(storage) {
            assembler.emit(.load(.double, .r0, from: .r0, 0))
        } else {
            let bytes = storage.bits.map { ($0.first + $0.count + 7) / 8 } ?? program.size(of: type)
            assembler.emit(.load(Instruction.Size(bytes: bytes), .r0, from: .r0, 0))
            extend(to: type, storage.bits)
        }
        assembler.place(missing)
    }

    /// Stores r0, which keeps its value.
    mutating func store(_ storage: Storage, _ type: DType, at position: SourcePosition) throws(Diagnostic) {
        if case .variable(let index) = storage.base, isWhole(storage), let slot = clauseVariables[index] {
            return assembler.emit(.store(.double, .r0, to: slot))
        }
        let value = frame.temporary(&assembler)
        assembler.emit(.store(.double, .r0, to: value))
        if isWhole(storage), let (map, key) = try mapKey(of: storage) {
            storeElement(of: map, key, value)
        } else {
            let full = assembler.makeLabel("full")
            try emitPointer(to: storage, orElse: full, creates: true, at: position)
            assembler.emit(.load(.double, .r1, from: value))
            emitStore(type, storage.bits, isWhole: isWhole(storage))
            assembler.place(full)
            assembler.emit(.load(.double, .r0, from: value))
        }
        frame.free(value)
    }

    /// Stores r1 at r0.
    private mutating func emitStore(_ type: DType, _ bits: BitField?, isWhole: Bool) {
        guard let bits else {
            let size = isWhole ? .double : Instruction.Size(bytes: program.size(of: type))
            return assembler.emit(.store(size, .r1, to: .r0, 0))
        }
        let size = Instruction.Size(bytes: (bits.first + bits.count + 7) / 8)
        let mask = bits.count == 64 ? UInt64.max : (1 << UInt64(bits.count)) - 1
        assembler.emitConstant(.r2, mask)
        assembler.emit(.arithmetic64(.and, .r1, .r2))
        assembler.emit(.arithmetic64(.shiftLeft, .r1, Int32(bits.first)))
        assembler.emitConstant(.r2, ~(mask << UInt64(bits.first)))
        assembler.emit(.load(size, .r3, from: .r0, 0))
        assembler.emit(.arithmetic64(.and, .r3, .r2))
        assembler.emit(.arithmetic64(.or, .r3, .r1))
        assembler.emit(.store(size, .r3, to: .r0, 0))
    }

    // MARK: Places

    /// The map and key of a variable of a thread or an element of an array.
    mutating func mapKey(of storage: Storage) throws(Diagnostic) -> (map: String, key: StackSlot)? {
        switch storage.base {
        case .variable(let index):
            let variable = program.typed.variables[index]
            guard variable.scope == .thread else { return nil }
            let map = variable.type.isScalar ? MapNames.threadVariables : MapNames.threadTexts
            return (map, try threadKey(variable.slot))
        case .element(let index, let keys): return (MapNames.array(index), try arrayKey(index, keys))
        case .memory: return nil
        }
    }

    /// r0: the address of the place. An element that is missing has none; it may be created with zeros.
    mutating func emitPointer(
        to storage: Storage, orElse missing: Label, creates: Bool = false, at position: SourcePosition
    ) throws(Diagnostic) {
        let index = frame.temporary(&assembler)
        if let dynamic = storage.dynamic {
            try evaluate(dynamic)
            assembler.emit(.store(.double, .r0, to: index))
        }
        if let (map, key) = try mapKey(of: storage) {
            emitLookup(map, key)
            if creates {
                let found = assembler.makeLabel("found")
                assembler.emit(.jump64(.notEqual, .r0, 0, to: found))
                emitNewValue(map, key)
                assembler.emit(.jump64(.notEqual, .r0, 0, to: found))
                emitLoss(.variables)
                assembler.emit(.jump(missing))
                assembler.place(found)
            } else {
                assembler.emit(.jump64(.equal, .r0, 0, to: missing))
            }
            frame.freeBlock(key)
            if storage.offset != 0 { assembler.emit(.arithmetic64(.add, .r0, Int32(storage.offset))) }
        } else if case .memory(let address) = storage.base {
            try evaluate(address)
            if storage.offset != 0 { assembler.emit(.arithmetic64(.add, .r0, Int32(clamping: storage.offset))) }
            emitOwnPlace()
        } else if case .variable(let variable) = storage.base {
            if let offset = program.globalOffsets[variable] {
                emitAddress(.r0, of: .global(offset + storage.offset))
            } else if let offset = scratchVariables[variable] {
                emitAddress(.r0, of: .scratch(offset + storage.offset))
            } else {
                throw .unavailable("this use of this->\(program.typed.variables[variable].name)", at: position)
            }
        }
        if storage.dynamic != nil {
            let size = max(1, program.size(of: elementType(of: storage)))
            assembler.emit(.load(.double, .r1, from: index))
            assembler.emit(
                .jump64(.greater, .r1, Int32(max(0, storage.dynamicLimit - size)), to: fault(.badAddress)))
            assembler.emit(.arithmetic64(.add, .r0, .r1))
        }
        frame.free(index)
    }

    /// The smallest step of an index.
    private func elementType(of storage: Storage) -> DType {
        var type = type(of: storage)
        while case .array(let element, _) = type { type = element }
        return type
    }

    mutating func emitLookup(_ map: String, _ key: StackSlot) {
        assembler.emit(.map(.r1, named: map))
        assembler.emitAddress(.r2, of: key)
        assembler.emit(.call(.mapLookupElem))
    }

    /// Adds zeros for a key that the map does not hold, and looks it up again.
    mutating func emitNewValue(_ map: String, _ key: StackSlot) {
        assembler.emit(.map(.r1, named: map))
        assembler.emitAddress(.r2, of: key)
        assembler.emit(.mapValue(.r3, ofMap: MapNames.zeros, offset: 0))
        // BPF_NOEXIST: another CPU may have been faster.
        assembler.emit(.arithmetic64(.move, .r4, 1))
        assembler.emit(.call(.mapUpdateElem))
        emitLookup(map, key)
    }

    /// Zero removes the element.
    private mutating func storeElement(of map: String, _ key: StackSlot, _ value: StackSlot) {
        let remove = assembler.makeLabel("remove")
        let done = assembler.makeLabel("stored")
        assembler.emit(.load(.double, .r0, from: value))
        assembler.emit(.jump64(.equal, .r0, 0, to: remove))
        assembler.emitAddress(.r3, of: value)
        emitUpdate(map, key, done)
        assembler.place(remove)
        emitDelete(map, key)
        assembler.place(done)
        assembler.emit(.load(.double, .r0, from: value))
        frame.freeBlock(key)
    }

    /// r3: the new value.
    mutating func emitUpdate(_ map: String, _ key: StackSlot, _ done: Label) {
        assembler.emit(.map(.r1, named: map))
        assembler.emitAddress(.r2, of: key)
        assembler.emit(.arithmetic64(.move, .r4, 0))
        assembler.emit(.call(.mapUpdateElem))
        assembler.emit(.jump64(.equal, .r0, 0, to: done))
        emitLoss(.variables)
        assembler.emit(.jump(done))
    }

    mutating func emitDelete(_ map: String, _ key: StackSlot) {
        let done = assembler.makeLabel("deleted")
        assembler.emit(.map(.r1, named: map))
        assembler.emitAddress(.r2, of: key)
        assembler.emit(.call(.mapDeleteElem))
        // -ENOENT: it was 0 before. A hash map whose lock a firing below holds answers with another error.
        assembler.emit(.jump64(.equal, .r0, 0, to: done))
        assembler.emit(.jump64(.equal, .r0, -2, to: done))
        emitLoss(.variables)
        assembler.place(done)
    }
}
