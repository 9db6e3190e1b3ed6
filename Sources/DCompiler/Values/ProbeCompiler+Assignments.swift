import BPFCode
import DLanguage

// Texts, structs and arrays in variables.
extension ProbeCompiler {
    /// r3: the address of what a place holds; of a missing element, that of zeros.
    mutating func emitSource(_ storage: Storage, at position: SourcePosition) throws(Diagnostic) {
        let missing = assembler.makeLabel("missing")
        let found = assembler.makeLabel("found")
        try emitPointer(to: storage, orElse: missing, at: position)
        assembler.emit(.arithmetic64(.move, .r3, .r0))
        // Variables that are no elements cannot be missing.
        guard assembler.isUsed(missing) else { return }
        assembler.emit(.jump(found))
        assembler.place(missing)
        assembler.emit(.mapValue(.r3, ofMap: MapNames.zeros, offset: 0))
        assembler.place(found)
    }

    /// Stores a text, struct or array.
    mutating func assign(
        _ storage: Storage, _ value: TypedExpression, at position: SourcePosition
    ) throws(Diagnostic) {
        let form = program.form(of: value.type, capacity: program.typed.options.strsize)
        // Evaluated first: the value may read the variable.
        let block = scratchMemory.temporary(form.size)
        try emit(value, as: form, to: block.place)
        if storage.offset == 0, storage.dynamic == nil, storage.isMapped, let (map, key) = try mapKey(of: storage),
            !isStructure(type(of: storage))
        {
            let remove = assembler.makeLabel("remove")
            let done = assembler.makeLabel("stored")
            // An empty text has no element; the family of an empty address is 0.
            assembler.emit(.load(.byte, .r0, from: Self.scratch, Int16(block.offset)))
            assembler.emit(.jump64(.equal, .r0, 0, to: remove))
            emitAddress(.r3, of: block.place)
            emitUpdate(map, key, done)
            assembler.place(remove)
            emitDelete(map, key)
            assembler.place(done)
            frame.freeBlock(key)
        } else {
            let full = assembler.makeLabel("full")
            try emitPointer(to: storage, orElse: full, creates: true, at: position)
            assembler.emit(.arithmetic64(.move, .r1, .r0))
            emitAddress(.r3, of: block.place)
            let isText = if case .text = form { true } else { false }
            let bytes = isText ? program.typed.options.strsize : program.size(of: value.type)
            assembler.emit(.arithmetic64(.move, .r2, Int32(value.type == .addressText ? form.size : bytes)))
            assembler.emit(.call(isText ? .probeReadKernelStr : .probeReadKernel))
            assembler.place(full)
        }
        scratchMemory.free(block)
    }

    private func isStructure(_ type: DType) -> Bool {
        switch type {
        case .structure, .array: true
        default: false
        }
    }

    /// The bytes of a struct or array.
    mutating func emitBytes(_ expression: TypedExpression, _ count: Int, to place: Place) throws(Diagnostic) {
        switch expression.form {
        case .memory(let address, let offset, _):
            try evaluate(address)
            assembler.emit(.arithmetic64(.move, .r3, .r0))
            if offset != 0 { assembler.emit(.arithmetic64(.add, .r3, Int32(clamping: offset))) }
        case .storage(let storage): try emitSource(storage, at: expression.position)
        default: throw .unavailable("this struct or array", at: expression.position)
        }
        emitAddress(.r1, of: place)
        assembler.emit(.arithmetic64(.move, .r2, Int32(count)))
        assembler.emit(.call(.probeReadKernel))
        assembler.emit(.jump64(.notEqual, .r0, 0, to: fault(.badAddress)))
    }
}

extension Storage {
    /// Memory of the program itself is in no map.
    fileprivate var isMapped: Bool { if case .memory = base { false } else { true } }
}
