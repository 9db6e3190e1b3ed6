extension Instruction {
    /// How many bits of a register an instruction computes with, and how many bytes an atomic one changes.
    public enum Width: Sendable, CaseIterable {
        /// The lower 32 bits; the upper half of the destination becomes zero.
        case word
        case double
    }

    /// How many bytes of memory an instruction reads or writes.
    public enum Size: UInt8, Sendable, CaseIterable {
        case word = 0x00
        case half = 0x08
        case byte = 0x10
        case double = 0x18

        public var bytes: Int {
            switch self {
            case .byte: 1
            case .half: 2
            case .word: 4
            case .double: 8
            }
        }
    }

    /// The second operand of an instruction.
    public enum Operand: Hashable, Sendable {
        case register(Register)
        /// Sign-extended if the instruction computes with 64 bits.
        case immediate(Int32)
    }
}
