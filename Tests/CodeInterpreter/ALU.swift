import BPFCode

extension Slot {
    /// How many bytes of memory the instruction reads or writes.
    var bytes: Int {
        switch code & 0x18 {
        case 0x00: 4
        case 0x08: 2
        case 0x10: 1
        default: 8
        }
    }

    /// Whether an arithmetic instruction reads the register that it writes.
    var readsDestination: Bool { code & 0xf0 != 0xb0 }
}

/// Arithmetic and comparisons as Documentation/bpf/standardization/instruction-set.rst describes them.
enum ALU {
    static func computed<T: FixedWidthInteger & UnsignedInteger>(_ code: UInt8, _ a: T, _ b: T) throws -> T {
        switch code & 0xf0 {
        case 0x00: a &+ b
        case 0x10: a &- b
        case 0x20: a &* b
        case 0x30: b == 0 ? 0 : a / b
        case 0x40: a | b
        case 0x50: a & b
        case 0x60: a &<< b
        case 0x70: a &>> b
        case 0x80: 0 &- a
        case 0x90: b == 0 ? a : a % b
        case 0xa0: a ^ b
        case 0xb0: b
        case 0xc0: shiftedSigned(a, b)
        default: throw Fault.unknownInstruction(code)
        }
    }

    private static func shiftedSigned<T: FixedWidthInteger & UnsignedInteger>(_ a: T, _ b: T) -> T {
        let isNegative = a.leadingZeroBitCount == 0
        return isNegative ? ~(~a &>> b) : a &>> b
    }

    static func holds<T: FixedWidthInteger & UnsignedInteger>(_ code: UInt8, _ a: T, _ b: T) throws -> Bool {
        // With the highest bit inverted, signed numbers compare like unsigned ones.
        let top: T = 1 << (T.bitWidth - 1)
        switch code & 0xf0 {
        case 0x10: return a == b
        case 0x20: return a > b
        case 0x30: return a >= b
        case 0x40: return a & b != 0
        case 0x50: return a != b
        case 0x60: return a ^ top > b ^ top
        case 0x70: return a ^ top >= b ^ top
        case 0xa0: return a < b
        case 0xb0: return a <= b
        case 0xc0: return a ^ top < b ^ top
        case 0xd0: return a ^ top <= b ^ top
        default: throw Fault.unknownInstruction(code)
        }
    }

    /// A change of the byte order.
    static func converted(_ value: UInt64, _ slot: Slot) throws -> UInt64 {
        let isBig = slot.code == 0xdc
        switch slot.immediate {
        case 16:
            let part = UInt16(truncatingIfNeeded: value)
            return UInt64(isBig ? part.bigEndian : part.littleEndian)
        case 32:
            let part = UInt32(truncatingIfNeeded: value)
            return UInt64(isBig ? part.bigEndian : part.littleEndian)
        case 64: return isBig ? value.bigEndian : value.littleEndian
        default: throw Fault.unknownInstruction(slot.code)
        }
    }

    static func lower(_ value: UInt64, _ bytes: Int) -> UInt64 {
        bytes == 8 ? value : value & 0xffff_ffff
    }

    /// The value that an atomic instruction leaves in memory.
    static func updated(_ old: UInt64, _ operation: Instruction.AtomicOperation, _ operand: UInt64) -> UInt64 {
        switch operation {
        case .add, .fetchAdd: old &+ operand
        case .or, .fetchOr: old | operand
        case .and, .fetchAnd: old & operand
        case .xor, .fetchXor: old ^ operand
        case .exchange, .compareExchange: operand
        }
    }
}
