/// One BPF instruction. Maps, helpers and the targets of jumps have names; `Code.encoded` replaces them by numbers.
///
/// The set is that of Linux 5.10, and atomic instructions of 5.12. Later forms (signed division, sign-extending loads
/// and moves, unconditional byte swaps of 6.6) are put together from these: see `Assembler.divideSigned` and
/// `Assembler.extendSign`.
public enum Instruction: Hashable, Sendable {
    case arithmetic(Width, Arithmetic, Register, Operand)
    case negate(Width, Register)
    case convert(ByteOrder, bits: Int32, Register)
    case load(Size, Register, from: Register, Int16)
    case store(Size, Operand, to: Register, Int16)
    case atomic(AtomicOperation, Width, Register, at: Register, Int16)
    case jump(Label)
    case branch(Width, Condition, Register, Operand, Label)
    case call(Helper)
    /// Calls a function of the same program, which has its own stack and its own r6 to r9.
    case callFunction(Label)
    /// Any 64 bits. Takes two slots, like the two that follow.
    case constant(Register, UInt64)
    /// The map argument of helpers.
    case map(Register, named: String)
    /// The address of an array map's first value, plus an offset (Linux 5.2).
    case mapValue(Register, ofMap: String, offset: Int32)
    case exit

    /// Number of `struct bpf_insn` that the instruction takes.
    public var slots: Int {
        switch self {
        case .constant, .map, .mapValue: 2
        default: 1
        }
    }

    /// Where a jump or a call within the program leads to.
    public var target: Label? {
        switch self {
        case .jump(let label), .branch(_, _, _, _, let label), .callFunction(let label): label
        default: nil
        }
    }

    /// The name of the map that the instruction refers to.
    public var map: String? {
        switch self {
        case .map(_, let name), .mapValue(_, let name, _): name
        default: nil
        }
    }
}

/// A position in a program, made by `Assembler.makeLabel`.
public struct Label: Hashable, Sendable {
    let id: Int
}

// MARK: Short forms

extension Instruction {
    public static func store(_ size: Size, _ source: Register, to base: Register, _ offset: Int16) -> Self {
        .store(size, .register(source), to: base, offset)
    }

    public static func load(_ size: Size, _ destination: Register, from slot: StackSlot, plus offset: Int = 0) -> Self {
        .load(size, destination, from: .frame, slot.offset(offset))
    }

    public static func store(_ size: Size, _ source: Register, to slot: StackSlot, plus offset: Int = 0) -> Self {
        .store(size, .register(source), to: .frame, slot.offset(offset))
    }

    public static func store(_ size: Size, _ source: Int32, to slot: StackSlot, plus offset: Int = 0) -> Self {
        .store(size, .immediate(source), to: .frame, slot.offset(offset))
    }

    public static func arithmetic32(_ operation: Arithmetic, _ destination: Register, _ immediate: UInt32) -> Self {
        .arithmetic(.word, operation, destination, .immediate(Int32(bitPattern: immediate)))
    }

    public static func arithmetic32(_ operation: Arithmetic, _ destination: Register, _ source: Register) -> Self {
        .arithmetic(.word, operation, destination, .register(source))
    }

    public static func arithmetic64(_ operation: Arithmetic, _ destination: Register, _ immediate: Int32) -> Self {
        .arithmetic(.double, operation, destination, .immediate(immediate))
    }

    public static func arithmetic64(_ operation: Arithmetic, _ destination: Register, _ source: Register) -> Self {
        .arithmetic(.double, operation, destination, .register(source))
    }

    /// Compares the lower 32 bits.
    public static func jump32(
        _ condition: Condition, _ left: Register, _ right: UInt32, to target: Label
    ) -> Self {
        .branch(.word, condition, left, .immediate(Int32(bitPattern: right)), target)
    }

    public static func jump32(
        _ condition: Condition, _ left: Register, _ right: Register, to target: Label
    ) -> Self {
        .branch(.word, condition, left, .register(right), target)
    }

    public static func jump64(
        _ condition: Condition, _ left: Register, _ right: Int32, to target: Label
    ) -> Self {
        .branch(.double, condition, left, .immediate(right), target)
    }

    public static func jump64(
        _ condition: Condition, _ left: Register, _ right: Register, to target: Label
    ) -> Self {
        .branch(.double, condition, left, .register(right), target)
    }
}
