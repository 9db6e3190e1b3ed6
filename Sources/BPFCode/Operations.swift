extension Instruction {
    /// The operation bits of arithmetic instructions. Multiplication, division and modulo are unsigned; division by
    /// zero gives 0, and modulo zero leaves the left side as it is.
    public enum Arithmetic: UInt8, Sendable, CaseIterable {
        case add = 0x00, subtract = 0x10, multiply = 0x20, divide = 0x30, or = 0x40, and = 0x50
        case shiftLeft = 0x60, shiftRight = 0x70, modulo = 0x90, xor = 0xa0, move = 0xb0
        /// Keeps the sign.
        case shiftRightSigned = 0xc0
    }

    /// The operation bits of conditional jumps; comparisons are unsigned unless their names say otherwise.
    public enum Condition: UInt8, Sendable, CaseIterable {
        case equal = 0x10, greater = 0x20, greaterOrEqual = 0x30, anyBitSet = 0x40, notEqual = 0x50
        case less = 0xa0, lessOrEqual = 0xb0
        case signedGreater = 0x60, signedGreaterOrEqual = 0x70, signedLess = 0xc0, signedLessOrEqual = 0xd0

        /// nil for `anyBitSet`: BPF has no "no bit set".
        public var opposite: Self? {
            switch self {
            case .equal: .notEqual
            case .notEqual: .equal
            case .greater: .lessOrEqual
            case .lessOrEqual: .greater
            case .greaterOrEqual: .less
            case .less: .greaterOrEqual
            case .signedGreater: .signedLessOrEqual
            case .signedLessOrEqual: .signedGreater
            case .signedGreaterOrEqual: .signedLess
            case .signedLess: .signedGreaterOrEqual
            case .anyBitSet: nil
            }
        }
    }

    /// The operation of an atomic instruction on a word or double word of memory and a register; its immediate.
    public enum AtomicOperation: Int32, Sendable, CaseIterable {
        /// On every kernel (BPF_XADD before 5.12). The register keeps its value, as with `and`, `or` and `xor`.
        case add = 0x00
        case or = 0x40, and = 0x50, xor = 0xa0
        /// The register receives what was in memory before.
        case fetchAdd = 0x01, fetchOr = 0x41, fetchAnd = 0x51, fetchXor = 0xa1
        case exchange = 0xe1
        /// Writes the register if memory equals r0; r0 receives what was in memory before.
        case compareExchange = 0xf1

        /// Since Linux 5.12 (BPF_ATOMIC); an older verifier refuses the instruction.
        public var needsAtomics: Bool { self != .add }
    }

    /// The byte order that 16, 32 or 64 bits are converted to, or from; bits above them become zero.
    public enum ByteOrder: UInt8, Sendable, CaseIterable {
        case little = 0xd4
        /// Network order.
        case big = 0xdc
    }
}
