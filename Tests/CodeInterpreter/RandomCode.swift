public import BPFCode

/// Random programs that the verifier accepts and that end the same in every run: for comparing the interpreter with the
/// kernel. A program reads r0 to r9 from `input`, computes, and writes them and its stack to `output`.
public struct RandomCode {
    public static let input = Map("input", .array, valueSize: 8 * 10, entries: 1)
    public static let output = Map("output", .array, valueSize: 8 * (10 + words), entries: 1)
    public static let table = Map("table", .hash, keySize: 8, valueSize: 8, entries: 4)
    public static var maps: [Map] { [input, output, table] }
    /// Double words of the stack that programs compute with.
    private static let words = 6

    private var assembler = Assembler()
    private let registers: [Register] = [.r0, .r1, .r2, .r3, .r4, .r5, .r6, .r7, .r8, .r9]
    private let memory: StackSlot
    private let saved: StackSlot
    private let usesAtomics: Bool

    /// Returns nil if the stack is too small, which it is not.
    public static func make(using random: inout some RandomNumberGenerator, usesAtomics: Bool) -> Code? {
        guard var code = RandomCode(usesAtomics) else { return nil }
        code.emitProgram(using: &random)
        return code.assembler.finished()
    }

    private init?(_ usesAtomics: Bool) {
        guard let memory = assembler.reserve("memory", size: 8 * Self.words),
            let saved = assembler.reserve("saved", size: 8 * 10)
        else { return nil }
        self.memory = memory
        self.saved = saved
        self.usesAtomics = usesAtomics
    }

    private mutating func emitProgram(using random: inout some RandomNumberGenerator) {
        emitInput(registers)
        for word in 0..<Self.words {
            assembler.emit(.store(.double, registers[word], to: memory, plus: 8 * word))
        }
        let function = assembler.makeLabel("function")
        for _ in 0..<Int.random(in: 1...6, using: &random) { emitBlock(calling: function, using: &random) }
        for (index, register) in registers.enumerated() {
            assembler.emit(.store(.double, register, to: saved, plus: 8 * index))
        }
        assembler.emit(.mapValue(.r1, of: Self.output))
        for word in 0..<10 + Self.words {
            let isSaved = word < 10
            assembler.emit(
                .load(.double, .r2, from: isSaved ? saved : memory, plus: 8 * (isSaved ? word : word - 10)))
            assembler.emit(.store(.double, .r2, to: .r1, Int16(8 * word)))
        }
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.emit(.exit)
        guard assembler.isUsed(function) else { return }
        assembler.place(function)
        assembler.emit(.arithmetic64(.move, .r0, .r1))
        assembler.emit(.arithmetic64(.multiply, .r0, .r2))
        assembler.emit(.store(.double, .r0, to: .frame, -8))
        assembler.emit(.load(.word, .r6, from: .frame, -8))
        assembler.emit(.arithmetic64(.xor, .r0, .r6))
        assembler.emit(.exit)
    }

    /// Sets registers to words of `input`.
    private mutating func emitInput(_ registers: [Register]) {
        guard let last = registers.last else { return }
        assembler.emit(.mapValue(last, of: Self.input))
        for register in registers {
            assembler.emit(.load(.double, register, from: last, Int16(8 * register.rawValue)))
        }
    }

    /// Some instructions, the first of which may jump over the others.
    private mutating func emitBlock(calling function: Label, using random: inout some RandomNumberGenerator) {
        let end = assembler.makeLabel()
        let isConditional = Bool.random(using: &random)
        if isConditional, let condition = Instruction.Condition.allCases.randomElement(using: &random) {
            assembler.emit(
                .branch(
                    width(&random), condition, register(&random),
                    operand(Int32.random(in: -2...2, using: &random), &random), end))
        }
        for _ in 0..<Int.random(in: 1...8, using: &random) { emitStep(calling: function, using: &random) }
        if isConditional { assembler.place(end) }
    }

    private mutating func emitStep(calling function: Label, using random: inout some RandomNumberGenerator) {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: assembler.emit(.negate(width(&random), register(&random)))
        case 1:
            let order = Bool.random(using: &random) ? Instruction.ByteOrder.big : .little
            assembler.emit(.convert(order, bits: [16, 32, 64].randomElement(using: &random) ?? 16, register(&random)))
        case 2, 3: emitMemoryAccess(&random)
        case 4: emitAtomic(&random)
        case 5: assembler.emit(.constant(register(&random), random.next()))
        case 6: emitHelper(&random)
        case 7:
            assembler.emit(.callFunction(function))
            emitInput([.r1, .r2, .r3, .r4, .r5])
        case 8: assembler.extendSign(register(&random), bits: [8, 16, 32].randomElement(using: &random) ?? 8)
        case 9:
            let four = Array(registers.shuffled(using: &random).prefix(4))
            if Bool.random(using: &random) {
                assembler.divideSigned(width(&random), four[0], by: four[1], scratch: (four[2], four[3]))
            } else {
                assembler.moduloSigned(width(&random), four[0], by: four[1], scratch: (four[2], four[3]))
            }
        default: emitArithmetic(&random)
        }
    }

    private mutating func emitArithmetic(_ random: inout some RandomNumberGenerator) {
        let width = width(&random)
        let operation = Instruction.Arithmetic.allCases.randomElement(using: &random) ?? .add
        // The verifier refuses a division by the constant zero, and shifts by a constant that is too large.
        let constant: Int32 =
            switch operation {
            case .shiftLeft, .shiftRight, .shiftRightSigned:
                Int32.random(in: 0..<(width == .word ? 32 : 64), using: &random)
            case .divide, .modulo: Int32.random(in: 1...Int32.max, using: &random)
            default: Int32.random(in: Int32.min...Int32.max, using: &random)
            }
        assembler.emit(.arithmetic(width, operation, register(&random), operand(constant, &random)))
    }

    private mutating func emitMemoryAccess(_ random: inout some RandomNumberGenerator) {
        let size = Instruction.Size.allCases.randomElement(using: &random) ?? .double
        let place = Int.random(in: 0..<8 * Self.words / size.bytes, using: &random) * size.bytes
        switch Int.random(in: 0..<3, using: &random) {
        case 0: assembler.emit(.load(size, register(&random), from: memory, plus: place))
        case 1: assembler.emit(.store(size, register(&random), to: memory, plus: place))
        default: assembler.emit(.store(size, Int32.random(in: -9...9, using: &random), to: memory, plus: place))
        }
    }

    private mutating func emitAtomic(_ random: inout some RandomNumberGenerator) {
        let all = Instruction.AtomicOperation.allCases
        let operation = (usesAtomics ? all.randomElement(using: &random) : nil) ?? .add
        let width = width(&random)
        let bytes = width == .word ? 4 : 8
        let place = Int.random(in: 0..<8 * Self.words / bytes, using: &random) * bytes
        assembler.emit(.atomic(operation, width, register(&random), at: .frame, memory.offset(place)))
    }

    /// A call whose result does not depend on the machine; the registers that it takes get new values.
    private mutating func emitHelper(_ random: inout some RandomNumberGenerator) {
        let key = memory.offset(8 * Int.random(in: 0..<Self.words, using: &random))
        let helper =
            [Helper.mapUpdateElem, .mapDeleteElem, .mapLookupElem, .probeReadKernel]
            .randomElement(using: &random) ?? .mapLookupElem
        if helper == .probeReadKernel {
            emitAddress(.r1, key)
            assembler.emit(.arithmetic64(.move, .r2, Int32.random(in: 1...8, using: &random)))
            assembler.emit(.mapValue(.r3, of: Self.input, offset: Int32.random(in: 0...70, using: &random)))
        } else {
            // Few keys, so that some are found.
            assembler.emit(.store(.double, .immediate(Int32.random(in: 0..<6, using: &random)), to: .frame, key))
            assembler.emit(.map(.r1, Self.table))
            emitAddress(.r2, key)
            emitAddress(.r3, memory.offset())
            assembler.emit(.arithmetic64(.move, .r4, Int32.random(in: 0...2, using: &random)))
        }
        assembler.emit(.call(helper))
        if helper == .mapLookupElem {
            let isAbsent = assembler.makeLabel("absent")
            assembler.emit(.jump64(.equal, .r0, 0, to: isAbsent))
            assembler.emit(.atomic(.add, .double, .r6, at: .r0, 0))
            assembler.emit(.load(.double, .r0, from: .r0, 0))
            assembler.place(isAbsent)
        }
        emitInput([.r1, .r2, .r3, .r4, .r5])
    }

    private mutating func emitAddress(_ register: Register, _ place: Int16) {
        assembler.emit(.arithmetic64(.move, register, .frame))
        assembler.emit(.arithmetic64(.add, register, Int32(place)))
    }

    private func register(_ random: inout some RandomNumberGenerator) -> Register {
        registers.randomElement(using: &random) ?? .r0
    }

    private func width(_ random: inout some RandomNumberGenerator) -> Instruction.Width {
        Bool.random(using: &random) ? .word : .double
    }

    private func operand(_ constant: Int32, _ random: inout some RandomNumberGenerator) -> Instruction.Operand {
        Bool.random(using: &random) ? .register(register(&random)) : .immediate(constant)
    }
}
