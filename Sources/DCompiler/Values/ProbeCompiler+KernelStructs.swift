import BPFCode
import DLanguage
import KernelTypes

// Members of the kernel's structs that the compiler itself reads.
extension ProbeCompiler {
    /// A parameter of the tracepoint or function, in r0.
    mutating func emitParameter(_ index: Int) throws(Diagnostic) {
        guard emitPlainInput(.parameter(index)) else {
            throw .unavailable("parameter \(index) of \(probe.title)", at: position)
        }
    }

    /// Reads N bytes at the address that a slot holds; r0 is 0 if that succeeds.
    mutating func emitRead(
        _ bytes: Int, at pointer: StackSlot, plus offset: Int, to slot: StackSlot, slotOffset: Int = 0
    ) {
        assembler.emit(.load(.double, .r3, from: pointer))
        if offset != 0 { assembler.emit(.arithmetic64(.add, .r3, Int32(offset))) }
        assembler.emitAddress(.r1, of: slot, plus: slotOffset)
        assembler.emit(.arithmetic64(.move, .r2, Int32(bytes)))
        assembler.emit(.call(.probeReadKernel))
    }

    /// A number or pointer of the struct at the address that a slot holds, in r0; 0 if it cannot be read.
    mutating func emitMember(_ name: String, of structure: String, at pointer: StackSlot) throws(Diagnostic) {
        guard let member = program.member(name, of: structure) else {
            throw Diagnostic(
                "this kernel's struct \(structure) has no member \(name), which \(probe.title) needs",
                at: position)
        }
        let slot = frame.temporary(&assembler)
        emitRead(member.bytes, at: pointer, plus: member.offset, to: slot)
        switch member.bytes {
        case 1: assembler.emit(.load(.byte, .r0, from: slot))
        case 2: assembler.emit(.load(.half, .r0, from: slot))
        case 4: assembler.emit(.load(.word, .r0, from: slot))
        default: assembler.emit(.load(.double, .r0, from: slot))
        }
        frame.free(slot)
        guard let bits = member.bits else { return }
        if bits.first > 0 { assembler.emit(.arithmetic64(.shiftRight, .r0, Int32(bits.first))) }
        assembler.emit(.arithmetic64(.and, .r0, Int32(1) << Int32(bits.count) - 1))
    }
}

/// Where a member lies.
struct StructMember {
    var offset: Int
    var bytes: Int
    /// Within the bytes.
    var bits: BitField?
}

extension ProgramContext {
    func member(_ name: String, of structure: String) -> StructMember? {
        guard let types = typed.types.kernel, let type = types.find(.structure, structure),
            let member = try? types.member(name, of: type)
        else { return nil }
        if let count = member.bitSize {
            let first = member.bitOffset % 8
            guard first + count <= 8 else { return nil }
            return StructMember(
                offset: member.bitOffset / 8, bytes: 1, bits: BitField(first: first, count: count))
        }
        guard let bytes = types.size(of: member.type), [1, 2, 4, 8].contains(bytes) else { return nil }
        return StructMember(offset: member.bitOffset / 8, bytes: bytes)
    }

    /// The byte offset of any member.
    func offset(of name: String, in structure: String) -> Int? {
        guard let types = typed.types.kernel, let type = types.find(.structure, structure) else { return nil }
        return (try? types.member(name, of: type)).map { $0.bitOffset / 8 }
    }
}
