/// Collects instructions, labels, stack slots and notes into `Code`.
public struct Assembler {
    private var instructions: [Instruction] = []
    private var labels = 0
    private var places: [Label: Int] = [:]
    private var names: [Label: String] = [:]
    private var notes: [Int: [String]] = [:]
    public private(set) var stack = StackFrame()

    public init() {}

    /// Jumps may name a label before it is placed. The name is for the listing; it need not be unique.
    public mutating func makeLabel(_ name: String? = nil) -> Label {
        labels += 1
        let label = Label(id: labels)
        names[label] = name
        return label
    }

    /// Makes the label point at the next instruction.
    public mutating func place(_ label: Label) {
        places[label] = instructions.count
    }

    public mutating func emit(_ instruction: Instruction) {
        instructions.append(instruction)
    }

    /// A remark of the listing about the instructions that follow.
    public mutating func note(_ text: String) {
        notes[instructions.count, default: []].append(text)
    }

    /// Returns nil if the stack is full.
    public mutating func reserve(_ name: String, size: Int, alignment: Int = 8) -> StackSlot? {
        stack.reserve(name, size: size, alignment: alignment)
    }

    /// Whether any jump leads to the label. The verifier refuses unreachable instructions, so unused code is left out.
    public func isUsed(_ label: Label) -> Bool {
        instructions.contains { $0.target == label }
    }

    public func finished() -> Code {
        Code(instructions: instructions, places: places, names: names, notes: notes, slots: stack.slots)
    }
}
