import BPFCode

/// Translates a classic BPF program into a BPF subprogram, int nt_packet_filter(struct nt_filter_ctx *), which returns
/// 1 for a match and 0 otherwise.
///
/// A, X and the context's address live in r7, r8 and r6, which helper calls preserve. A load outside of the readable
/// packet ends the program with 0, as classic BPF requires. Classic jumps only lead forward, so one pass in program
/// order sees every predecessor of an instruction before the instruction itself.
struct Translator {
    static let a = Register.r7
    static let x = Register.r8
    static let context = Register.r6
    /// Stack offset where the probe-read helper puts packet bytes.
    static let readBuffer: Int16 = -8

    let program: ClassicProgram
    var assembler = Assembler()
    /// Facts by classic instruction; nil until a path leads there. Unreachable instructions are left out, since the
    /// verifier refuses them.
    private var facts: [LoadFacts?]
    private let labels: [Label]
    let accept: Label
    let reject: Label
    /// Stack offsets of the scratch words that the program uses.
    private let scratch: [UInt32: Int16]

    /// Returns encoded instructions, the last of them an exit. Throws `FilterError.tooLarge` if a jump exceeds 16 bits.
    static func translate(_ program: ClassicProgram, expression: String) throws(FilterError) -> [UInt64] {
        var translator = Translator(program)
        translator.run()
        guard let result = try? translator.assembler.finished().encoded() else {
            throw .tooLarge(expression: expression)
        }
        return result
    }

    private init(_ program: ClassicProgram) {
        self.program = program
        facts = Array(repeating: nil, count: program.instructions.count)
        var assembler = Assembler()
        labels = program.instructions.map { _ in assembler.makeLabel() }
        accept = assembler.makeLabel("accept")
        reject = assembler.makeLabel("reject")
        self.assembler = assembler
        var scratch: [UInt32: Int16] = [:]
        for (instruction, operation) in zip(program.instructions, program.operations)
        where [.loadScratch, .loadXScratch, .storeA, .storeX].contains(operation) && scratch[instruction.k] == nil {
            scratch[instruction.k] = Self.readBuffer - 4 * Int16(scratch.count + 1)
        }
        self.scratch = scratch
    }

    private mutating func run() {
        emitPrologue()
        reach(0, knowing: LoadFacts())
        for index in program.instructions.indices {
            guard let known = facts[index] else { continue }
            assembler.place(labels[index])
            translate(program.operations[index], program.instructions[index], at: index, knowing: known)
        }
        emitEnd(accept, returning: 1)
        emitEnd(reject, returning: 0)
    }

    private mutating func emitPrologue() {
        assembler.emit(.arithmetic64(.move, Self.context, .r1))
        assembler.emit(.arithmetic32(.move, Self.a, 0))
        assembler.emit(.arithmetic32(.move, Self.x, 0))
        for offset in scratch.values.sorted(by: >) {
            assembler.emit(.store(.word, Self.a, to: .frame, offset))
        }
    }

    private mutating func emitEnd(_ label: Label, returning value: UInt32) {
        guard assembler.isUsed(label) else { return }
        assembler.place(label)
        assembler.emit(.arithmetic32(.move, .r0, value))
        assembler.emit(.exit)
    }

    private mutating func translate(
        _ operation: ClassicOperation, _ instruction: ClassicInstruction, at index: Int, knowing known: LoadFacts
    ) {
        var known = known
        switch operation {
        case .jump:
            jump(to: index + 1 + Int(instruction.k), from: index, knowing: known)
            return
        case .jumpIf(let condition, let operand):
            emitConditional(condition, operand, instruction, at: index, knowing: known)
            return
        case .returnConstant:
            assembler.emit(.jump(instruction.k != 0 ? accept : reject))
            return
        case .returnA:
            assembler.emit(.jump32(.notEqual, Self.a, 0, to: accept))
            assembler.emit(.jump(reject))
            return

        case .loadPacket(.absolute, let bytes):
            loadAbsolute(bytes, at: instruction.k, into: Self.a, knowing: &known)
        case .loadPacket(.indexed, let bytes):
            loadIndexed(bytes, at: instruction.k, knowing: known)
        case .loadXHeaderLength:
            loadAbsolute(1, at: instruction.k, into: Self.x, knowing: &known)
            assembler.emit(.arithmetic32(.and, Self.x, 0xf))
            assembler.emit(.arithmetic32(.shiftLeft, Self.x, 2))
        case .loadLength:
            loadLength(into: Self.a)
        case .loadXLength:
            loadLength(into: Self.x)
        case .loadConstant:
            assembler.emit(.arithmetic32(.move, Self.a, instruction.k))
        case .loadXConstant:
            assembler.emit(.arithmetic32(.move, Self.x, instruction.k))
        case .loadScratch:
            assembler.emit(.load(.word, Self.a, from: .frame, scratch[instruction.k, default: 0]))
        case .loadXScratch:
            assembler.emit(.load(.word, Self.x, from: .frame, scratch[instruction.k, default: 0]))
        case .storeA:
            assembler.emit(.store(.word, Self.a, to: .frame, scratch[instruction.k, default: 0]))
        case .storeX:
            assembler.emit(.store(.word, Self.x, to: .frame, scratch[instruction.k, default: 0]))
        case .copyAToX:
            assembler.emit(.arithmetic32(.move, Self.x, Self.a))
        case .copyXToA:
            assembler.emit(.arithmetic32(.move, Self.a, Self.x))
        case .negate:
            assembler.emit(.negate(.word, Self.a))
        case .arithmetic(let arithmetic, .constant):
            emit(arithmetic, constant: instruction.k)
        case .arithmetic(let arithmetic, .x):
            emitWithX(arithmetic)
        }
        jump(to: index + 1, from: index, knowing: known)
    }
}

// MARK: Control flow

extension Translator {
    private enum Target {
        case next
        case label(Label)
    }

    /// The target of a jump to a classic instruction; a jump to a constant return goes straight to the end.
    private func target(_ index: Int, from origin: Int) -> Target {
        if program.operations[index] == .returnConstant {
            return .label(program.instructions[index].k != 0 ? accept : reject)
        }
        return index == origin + 1 ? .next : .label(labels[index])
    }

    private mutating func reach(_ index: Int, knowing known: LoadFacts) {
        facts[index] = facts[index]?.intersection(known) ?? known
    }

    private mutating func jump(to index: Int, from origin: Int, knowing known: LoadFacts) {
        switch target(index, from: origin) {
        case .next:
            reach(index, knowing: known)
        case .label(let label):
            assembler.emit(.jump(label))
            if program.operations[index] != .returnConstant { reach(index, knowing: known) }
        }
    }

    private mutating func emitConditional(
        _ condition: ClassicOperation.Condition, _ operand: ClassicOperation.Operand,
        _ instruction: ClassicInstruction, at index: Int, knowing known: LoadFacts
    ) {
        let taken = index + 1 + Int(instruction.jumpTrue)
        let other = index + 1 + Int(instruction.jumpFalse)
        guard taken != other else {
            jump(to: taken, from: index, knowing: known)
            return
        }
        func compare(_ condition: Instruction.Condition, _ label: Label) -> Instruction {
            switch operand {
            case .constant: .jump32(condition, Self.a, instruction.k, to: label)
            case .x: .jump32(condition, Self.a, Self.x, to: label)
            }
        }
        switch (target(taken, from: index), target(other, from: index)) {
        case (.next, .label(let label)) where condition.direct.opposite != nil:
            assembler.emit(compare(condition.direct.opposite ?? .equal, label))
            reach(taken, knowing: known)
            if program.operations[other] != .returnConstant { reach(other, knowing: known) }
            return
        case (.label(let label), _):
            assembler.emit(compare(condition.direct, label))
            if program.operations[taken] != .returnConstant { reach(taken, knowing: known) }
        case (.next, _):
            assembler.emit(compare(condition.direct, labels[taken]))
            reach(taken, knowing: known)
        }
        jump(to: other, from: index, knowing: known)
    }
}

extension ClassicOperation.Condition {
    fileprivate var direct: Instruction.Condition {
        switch self {
        case .equal: .equal
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .anyBitSet: .anyBitSet
        }
    }
}
