/// One eBPF instruction: struct bpf_insn of include/uapi/linux/bpf.h.
///
/// Has only the cases of the instruction set that nettrace uses, as static functions named after what they do.
public struct Instruction: Equatable, Sendable {
    public enum Register: UInt8, Sendable {
        /// Result of a call; return value of the program.
        case r0
        case r1, r2, r3
        /// Preserved across calls, like r7 and r8.
        case r6 = 6
        case r7, r8
        /// End of the current function's stack; read-only.
        case frame = 10
    }

    public enum Size: UInt8, Sendable {
        case word = 0x00
        case half = 0x08
        case byte = 0x10
        case double = 0x18
    }

    /// The operation bits of arithmetic instructions.
    public enum Arithmetic: UInt8, Sendable {
        case add = 0x00, subtract = 0x10, multiply = 0x20, divide = 0x30, or = 0x40, and = 0x50
        case shiftLeft = 0x60, shiftRight = 0x70, negate = 0x80, modulo = 0x90, xor = 0xa0, move = 0xb0
    }

    /// The operation bits of conditional jumps; comparisons are unsigned.
    public enum Condition: UInt8, Sendable {
        case equal = 0x10, greater = 0x20, greaterOrEqual = 0x30, anyBitSet = 0x40, notEqual = 0x50
        case less = 0xa0, lessOrEqual = 0xb0
    }

    var code: UInt8
    var destination: UInt8 = 0
    var source: UInt8 = 0
    var offset: Int16 = 0
    var immediate: Int32 = 0

    /// The instruction as it lies in memory on this machine: the two registers share a byte, like C bit-fields.
    public var encoded: UInt64 {
        #if _endian(little)
            UInt64(code) | UInt64(source << 4 | destination) << 8
                | UInt64(UInt16(bitPattern: offset)) << 16 | UInt64(UInt32(bitPattern: immediate)) << 32
        #else
            UInt64(code) << 56 | UInt64(destination << 4 | source) << 48
                | UInt64(UInt16(bitPattern: offset)) << 32 | UInt64(UInt32(bitPattern: immediate))
        #endif
    }
}

extension Instruction {
    public static func load(_ size: Size, _ destination: Register, from base: Register, _ offset: Int16) -> Self {
        Self(code: 0x61 | size.rawValue, destination: destination.rawValue, source: base.rawValue, offset: offset)
    }

    public static func store(_ size: Size, _ source: Register, to base: Register, _ offset: Int16) -> Self {
        Self(code: 0x63 | size.rawValue, destination: base.rawValue, source: source.rawValue, offset: offset)
    }

    /// 32-bit arithmetic: the upper half of the destination becomes zero.
    public static func arithmetic32(_ operation: Arithmetic, _ destination: Register, _ immediate: UInt32) -> Self {
        Self(
            code: 0x04 | operation.rawValue, destination: destination.rawValue, immediate: Int32(bitPattern: immediate))
    }

    public static func arithmetic32(_ operation: Arithmetic, _ destination: Register, _ source: Register) -> Self {
        Self(code: 0x0c | operation.rawValue, destination: destination.rawValue, source: source.rawValue)
    }

    public static func arithmetic64(_ operation: Arithmetic, _ destination: Register, _ immediate: Int32) -> Self {
        Self(code: 0x07 | operation.rawValue, destination: destination.rawValue, immediate: immediate)
    }

    public static func arithmetic64(_ operation: Arithmetic, _ destination: Register, _ source: Register) -> Self {
        Self(code: 0x0f | operation.rawValue, destination: destination.rawValue, source: source.rawValue)
    }

    /// Converts 16 or 32 bits from network to host byte order; the upper bits become zero.
    public static func fromNetworkOrder(_ register: Register, bits: Int32) -> Self {
        Self(code: 0xdc, destination: register.rawValue, immediate: bits)
    }

    public static func jump() -> Self {
        Self(code: 0x05)
    }

    /// Compares the lower 32 bits, unsigned.
    public static func jump32(_ condition: Condition, _ left: Register, _ right: UInt32) -> Self {
        Self(code: 0x06 | condition.rawValue, destination: left.rawValue, immediate: Int32(bitPattern: right))
    }

    public static func jump32(_ condition: Condition, _ left: Register, _ right: Register) -> Self {
        Self(code: 0x0e | condition.rawValue, destination: left.rawValue, source: right.rawValue)
    }

    public static func jump64(_ condition: Condition, _ left: Register, _ right: Int32) -> Self {
        Self(code: 0x05 | condition.rawValue, destination: left.rawValue, immediate: right)
    }

    public static func jump64(_ condition: Condition, _ left: Register, _ right: Register) -> Self {
        Self(code: 0x0d | condition.rawValue, destination: left.rawValue, source: right.rawValue)
    }

    /// BPF_FUNC_probe_read_kernel (Linux 5.5). In: r1 = destination, r2 = bytes, r3 = address. Out: r0 = 0 or an error.
    public static func callProbeReadKernel() -> Self {
        Self(code: 0x85, immediate: 113)
    }

    /// BPF_FUNC_seq_write (Linux 5.7). In: r1 = `struct seq_file`, r2 = data, r3 = bytes. Out: r0 = 0 or an error.
    public static func callSequenceWrite() -> Self {
        Self(code: 0x85, immediate: 127)
    }

    /// BPF_LD | BPF_IMM | BPF_DW, which takes two instruction slots.
    public static func loadImmediate(_ destination: Register, _ value: UInt64) -> [Self] {
        wide(destination, kind: 0, value)
    }

    /// Loads the address of an array map's first value (BPF_PSEUDO_MAP_VALUE, Linux 5.2).
    public static func loadMapValue(_ destination: Register, ofMap descriptor: Int32) -> [Self] {
        wide(destination, kind: 2, UInt64(UInt32(bitPattern: descriptor)))
    }

    private static func wide(_ destination: Register, kind: UInt8, _ value: UInt64) -> [Self] {
        [
            Self(
                code: 0x18, destination: destination.rawValue, source: kind,
                immediate: Int32(truncatingIfNeeded: value)),
            Self(code: 0, immediate: Int32(truncatingIfNeeded: value >> 32)),
        ]
    }

    public static func exit() -> Self {
        Self(code: 0x95)
    }
}
