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
        assembler.emit(.load(Instruction.Size(bytes: bytes), .r0, from: slot))
        frame.free(slot)
        extend(to: type, bits)
    }

    /// Cuts r0 to a bit-field, or to the type's bits.
    mutating func extend(to type: DType, _ bits: BitField?) {
        guard let bits else { return extend(to: type) }
        assembler.emit(.arithmetic64(.shiftLeft, .r0, Int32(64 - bits.first - bits.count)))
        let isSigned = type.integer?.isSigned ?? false
        assembler.emit(.arithmetic64(isSigned ? .shiftRightSigned : .shiftRight, .r0, Int32(64 - bits.count)))
    }
}

extension Instruction.Size {
    /// The access for a value of this size.
    init(bytes: Int) {
        self =
            switch bytes {
            case 1: .byte
            case 2: .half
            case 3, 4: .word
            default: .double
            }
    }
}
