import BPFCode

/// Where a value of several bytes is written to.
enum Place {
    case record(Int)
    case stack(StackSlot, Int)
    case global(Int)
    /// Of the firing's scratch memory.
    case scratch(Int)

    /// N bytes later.
    func moved(by bytes: Int) -> Place {
        switch self {
        case .record(let start): .record(start + bytes)
        case .stack(let slot, let start): .stack(slot, start + bytes)
        case .global(let start): .global(start + bytes)
        case .scratch(let start): .scratch(start + bytes)
        }
    }
}

extension ProbeCompiler {
    mutating func storeWord(_ register: Register, to place: Place, plus offset: Int = 0) {
        switch place {
        case .record(let start):
            assembler.emit(.store(.double, register, to: Self.record, Int16(start + offset)))
        case .stack(let slot, let start): assembler.emit(.store(.double, register, to: slot, plus: start + offset))
        case .global(let start):
            assembler.emit(.mapValue(.r1, ofMap: MapNames.globals, offset: Int32(start + offset)))
            assembler.emit(.store(.double, register, to: .r1, 0))
        case .scratch(let start):
            assembler.emit(.store(.double, register, to: Self.scratch, Int16(start + offset)))
        }
    }

    mutating func storeConstant(_ value: UInt64, to place: Place, plus offset: Int) {
        assembler.emitConstant(.r0, value)
        storeWord(.r0, to: place, plus: offset)
    }

    mutating func clear(_ place: Place, bytes: Int) {
        for offset in stride(from: 0, to: bytes, by: 8) { storeConstant(0, to: place, plus: offset) }
    }

    mutating func emitAddress(_ register: Register, of place: Place, plus offset: Int = 0) {
        switch place {
        case .record(let start):
            assembler.emit(.arithmetic64(.move, register, Self.record))
            assembler.emit(.arithmetic64(.add, register, Int32(start + offset)))
        case .stack(let slot, let start): assembler.emitAddress(register, of: slot, plus: start + offset)
        case .global(let start):
            assembler.emit(.mapValue(register, ofMap: MapNames.globals, offset: Int32(start + offset)))
        case .scratch(let start):
            assembler.emit(.arithmetic64(.move, register, Self.scratch))
            assembler.emit(.arithmetic64(.add, register, Int32(start + offset)))
        }
    }
}
