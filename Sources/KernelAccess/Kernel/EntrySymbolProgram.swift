import BPFCode

/// The program of an iterator over the kernel's symbols (`struct bpf_iter__ksym`, kernel/kallsyms.c). It writes only
/// functions that may be wanted, a few thousand of 150,000, which saves printing and reading all other names.
struct EntrySymbolProgram {
    /// Byte offsets of the members of `struct kallsym_iter` that the program reads.
    struct Layout: Equatable {
        var value: Int
        var type: Int
        var name: Int
        var module: Int

        /// False for a kernel whose members are not laid out as expected: value, type and name near each other.
        var isUsable: Bool {
            value >= 0 && module >= 0 && value < type && type < name && name - value <= 24 && type - value >= 8
        }
    }

    /// The output for a symbol: its value, the bytes between value and name, the first `nameLength` bytes of the name,
    /// its module.
    struct Record {
        static let nameLength = 192
        /// MODULE_NAME_LEN on 64-bit machines, include/linux/moduleparam.h.
        static let moduleLength = 56

        let nameStart: Int
        var moduleStart: Int { nameStart + Self.nameLength }
        var length: Int { moduleStart + Self.moduleLength }

        init(_ layout: Layout) { nameStart = layout.name - layout.value }
    }

    let layout: Layout
    /// Its one value is `NamePrefixes.bits`.
    let prefixes: Map

    /// Returns nil on big-endian machines, and if the layout is not usable.
    func code() -> Code? {
        guard UInt32(1).littleEndian == 1, layout.isUsable else { return nil }
        var assembler = Assembler()
        let end = assembler.makeLabel("end")
        emitHead(&assembler, end)
        emitLookup(&assembler, end)
        emitRecord(&assembler)
        assembler.place(end)
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.emit(.exit)
        return assembler.finished()
    }

    private static let meta = Register.r6
    private static let symbol = Register.r7
    /// Stack offset of the first eight bytes of the name, aligned as the verifier requires; value and type lie right
    /// before them.
    private static let prefix: Int16 = -8

    /// Reads the symbol's head to the stack, and ends unless it is a function.
    private func emitHead(_ assembler: inout Assembler, _ end: Label) {
        assembler.emit(.load(.double, Self.meta, from: .r1, 0))
        assembler.emit(.load(.double, Self.symbol, from: .r1, 8))
        assembler.emit(.jump64(.equal, Self.symbol, 0, to: end))
        let before = layout.name - layout.value
        emitRead(&assembler, from: layout.value, count: before + 8, to: Self.prefix - Int16(before))
        assembler.emit(.jump64(.notEqual, .r0, 0, to: end))
        let isFunction = assembler.makeLabel("function")
        assembler.emit(.load(.byte, .r1, from: .frame, Self.prefix - Int16(layout.name - layout.type)))
        assembler.emit(.arithmetic64(.or, .r1, 0x20))
        assembler.emit(.jump64(.equal, .r1, Int32(UInt8(ascii: "t")), to: isFunction))
        assembler.emit(.jump64(.notEqual, .r1, Int32(UInt8(ascii: "w")), to: end))
        assembler.place(isFunction)
    }

    /// The same as `NamePrefixes.index`.
    private func emitLookup(_ assembler: inout Assembler, _ end: Label) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        assembler.emit(.load(.double, .r1, from: .frame, Self.prefix))
        assembler.emit(.constant(.r2, ones))
        // r3: the highest bit of each byte that is 0 or a dot, and of no byte before the first of these.
        assembler.emit(.arithmetic64(.move, .r3, .r1))
        assembler.emit(.arithmetic64(.subtract, .r3, .r2))
        assembler.emit(.arithmetic64(.move, .r0, .r1))
        assembler.emit(.arithmetic64(.xor, .r0, -1))
        assembler.emit(.arithmetic64(.and, .r3, .r0))
        assembler.emit(.constant(.r8, ones * UInt64(UInt8(ascii: "."))))
        assembler.emit(.arithmetic64(.xor, .r8, .r1))
        assembler.emit(.arithmetic64(.move, .r0, .r8))
        assembler.emit(.arithmetic64(.subtract, .r0, .r2))
        assembler.emit(.arithmetic64(.xor, .r8, -1))
        assembler.emit(.arithmetic64(.and, .r0, .r8))
        assembler.emit(.arithmetic64(.or, .r3, .r0))
        assembler.emit(.arithmetic64(.shiftLeft, .r2, 7))
        assembler.emit(.arithmetic64(.and, .r3, .r2))
        // Mask of the bytes before the first NUL or dot; all ones if there is neither. Later bytes are leftovers of
        // other names.
        assembler.emit(.arithmetic64(.move, .r2, 0))
        assembler.emit(.arithmetic64(.subtract, .r2, .r3))
        assembler.emit(.arithmetic64(.and, .r3, .r2))
        assembler.emit(.arithmetic64(.shiftRight, .r3, 7))
        assembler.emit(.arithmetic64(.subtract, .r3, 1))
        assembler.emit(.arithmetic64(.and, .r1, .r3))
        assembler.emit(.constant(.r2, NamePrefixes.multiplier))
        assembler.emit(.arithmetic64(.multiply, .r1, .r2))
        assembler.emit(.arithmetic64(.shiftRight, .r1, Int32(64 - NamePrefixes.indexBits)))
        assembler.emit(.arithmetic64(.move, .r2, .r1))
        assembler.emit(.arithmetic64(.shiftRight, .r2, 3))
        assembler.emit(.arithmetic64(.and, .r1, 7))
        assembler.emit(.mapValue(.r3, of: prefixes))
        assembler.emit(.arithmetic64(.add, .r3, .r2))
        assembler.emit(.load(.byte, .r0, from: .r3, 0))
        assembler.emit(.arithmetic64(.shiftRight, .r0, .r1))
        assembler.emit(.arithmetic64(.and, .r0, 1))
        assembler.emit(.jump64(.equal, .r0, 0, to: end))
    }

    private func emitRecord(_ assembler: inout Assembler) {
        let record = Record(layout)
        let start = -Int16(record.length)
        emitRead(&assembler, from: layout.value, count: record.moduleStart, to: start)
        emitRead(
            &assembler, from: layout.module, count: Record.moduleLength, to: start + Int16(record.moduleStart))
        assembler.emit(.load(.double, .r1, from: Self.meta, 0))
        assembler.emit(.arithmetic64(.move, .r2, .frame))
        assembler.emit(.arithmetic64(.add, .r2, Int32(start)))
        assembler.emit(.arithmetic64(.move, .r3, Int32(record.length)))
        assembler.emit(.call(.seqWrite))
    }

    /// Reads bytes of the symbol to the stack; a failed read leaves zeros there.
    private func emitRead(_ assembler: inout Assembler, from offset: Int, count: Int, to place: Int16) {
        assembler.emit(.arithmetic64(.move, .r1, .frame))
        assembler.emit(.arithmetic64(.add, .r1, Int32(place)))
        assembler.emit(.arithmetic64(.move, .r2, Int32(count)))
        assembler.emit(.arithmetic64(.move, .r3, Self.symbol))
        assembler.emit(.arithmetic64(.add, .r3, Int32(offset)))
        assembler.emit(.call(.probeReadKernel))
    }
}
