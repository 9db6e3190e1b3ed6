extension Code {
    /// The program as text: one line per instruction, in the notation of llvm-objdump, with labels and names.
    public var listing: String {
        var lines: [String] = []
        let placed = Dictionary(grouping: places.keys.filter(isTarget)) { places[$0, default: 0] }
        for (index, instruction) in instructions.enumerated() {
            for label in placed[index, default: []].sorted(by: { $0.id < $1.id }) { lines.append("\(name(label)):") }
            for note in notes[index, default: []] { lines.append("  ; \(note)") }
            var line = "  " + text(of: instruction)
            if let slot = slotText(instruction) { line += "  ; \(slot)" }
            lines.append(line)
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func isTarget(_ label: Label) -> Bool { instructions.contains { $0.target == label } }

    private func name(_ label: Label) -> String { names[label].map { "\($0)_\(label.id)" } ?? "L\(label.id)" }

    private func text(of instruction: Instruction) -> String {
        switch instruction {
        case .jump(let label): "goto \(name(label))"
        case .branch(let width, let condition, let left, let right, let label):
            "if \(left.text(width)) \(condition.text) \(right.text(width)) goto \(name(label))"
        case .callFunction(let label): "call \(name(label))"
        default: instruction.text
        }
    }

    /// The name of the stack slot that the instruction reads or writes.
    private func slotText(_ instruction: Instruction) -> String? {
        let place: Int? =
            switch instruction {
            case .load(_, _, .frame, let offset), .store(_, _, .frame, let offset),
                .atomic(_, _, _, .frame, let offset):
                Int(offset)
            default: nil
            }
        guard let place, let slot = slots.first(where: { (0..<$0.size).contains(place - Int($0.start)) }) else {
            return nil
        }
        let inside = place - Int(slot.start)
        return inside == 0 ? slot.name : "\(slot.name)+\(inside)"
    }
}

extension Instruction {
    /// In the notation of llvm-objdump, except for helpers and maps, which have names. Jumps are left to `Code`, which
    /// knows the names of labels.
    fileprivate var text: String {
        switch self {
        case .arithmetic(let width, let operation, let destination, let operand):
            "\(destination.text(width)) \(operation.text) \(operand.text(width))"
        case .negate(let width, let register): "\(register.text(width)) = -\(register.text(width))"
        case .convert(let order, let bits, let register):
            "\(register.text(.double)) = \(order == .big ? "be" : "le")\(bits) \(register.text(.double))"
        case .load(let size, let destination, let base, let offset):
            "\(destination.text(.double)) = \(Self.memory(size, base, offset))"
        case .store(let size, let operand, let base, let offset):
            "\(Self.memory(size, base, offset)) = \(operand.text(.double))"
        case .atomic(let operation, let width, let register, let base, let offset):
            Self.atomicText(operation, width, register.text(width), Self.place(base, offset))
        case .call(let helper): "call \(helper.name)"
        case .constant(let register, let value): "\(register.text(.double)) = 0x\(String(value, radix: 16)) ll"
        case .map(let register, let name): "\(register.text(.double)) = map \(name)"
        case .mapValue(let register, let name, let offset):
            "\(register.text(.double)) = &\(name)\(offset == 0 ? "" : "+\(offset)")"
        case .exit: "exit"
        case .jump, .branch, .callFunction: "goto"
        }
    }

    private static func place(_ base: Register, _ offset: Int16) -> String {
        "\(base.text(.double)) \(offset < 0 ? "-" : "+") \(offset.magnitude)"
    }

    private static func memory(_ size: Size, _ base: Register, _ offset: Int16) -> String {
        "*(u\(size.bytes * 8) *)(\(place(base, offset)))"
    }

    private static func atomicText(
        _ operation: AtomicOperation, _ width: Width, _ register: String, _ place: String
    ) -> String {
        let type = width == .word ? "u32" : "u64"
        func update(_ sign: String) -> String { "lock *(\(type) *)(\(place)) \(sign) \(register)" }
        func fetch(_ name: String) -> String {
            "\(register) = atomic_fetch_\(name)((\(type) *)(\(place)), \(register))"
        }
        let suffix = width == .word ? "32_32" : "_64"
        switch operation {
        case .add: return update("+=")
        case .or: return update("|=")
        case .and: return update("&=")
        case .xor: return update("^=")
        case .fetchAdd: return fetch("add")
        case .fetchOr: return fetch("or")
        case .fetchAnd: return fetch("and")
        case .fetchXor: return fetch("xor")
        case .exchange: return "\(register) = xchg\(suffix)(\(place), \(register))"
        case .compareExchange:
            let expected = Register.r0.text(width)
            return "\(expected) = cmpxchg\(suffix)(\(place), \(expected), \(register))"
        }
    }
}

extension Register {
    fileprivate func text(_ width: Instruction.Width) -> String { "\(width == .word ? "w" : "r")\(rawValue)" }
}

extension Instruction.Operand {
    fileprivate func text(_ width: Instruction.Width) -> String {
        switch self {
        case .register(let register): register.text(width)
        case .immediate(let value): "\(value)"
        }
    }
}

extension Instruction.Arithmetic {
    fileprivate var text: String {
        switch self {
        case .add: "+="
        case .subtract: "-="
        case .multiply: "*="
        case .divide: "/="
        case .or: "|="
        case .and: "&="
        case .shiftLeft: "<<="
        case .shiftRight: ">>="
        case .modulo: "%="
        case .xor: "^="
        case .move: "="
        case .shiftRightSigned: "s>>="
        }
    }
}

extension Instruction.Condition {
    fileprivate var text: String {
        switch self {
        case .equal: "=="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .anyBitSet: "&"
        case .notEqual: "!="
        case .less: "<"
        case .lessOrEqual: "<="
        case .signedGreater: "s>"
        case .signedGreaterOrEqual: "s>="
        case .signedLess: "s<"
        case .signedLessOrEqual: "s<="
        }
    }
}
