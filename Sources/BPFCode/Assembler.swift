/// Collects eBPF instructions and fills in the distances of jumps once their targets are known.
public struct Assembler {
    /// A position in the program; jumps may name it before it is placed.
    public struct Label: Hashable {
        fileprivate let id: Int
    }

    private var instructions: [Instruction] = []
    private var positions: [Int?] = []
    private var jumps: [(at: Int, to: Label)] = []

    public init() {}

    public mutating func makeLabel() -> Label {
        positions.append(nil)
        return Label(id: positions.count - 1)
    }

    /// Makes the label point at the next instruction.
    public mutating func place(_ label: Label) {
        positions[label.id] = instructions.count
    }

    public mutating func emit(_ instruction: Instruction) {
        instructions.append(instruction)
    }

    public mutating func emit(_ several: [Instruction]) {
        instructions += several
    }

    public mutating func emit(_ jump: Instruction, to label: Label) {
        jumps.append((instructions.count, label))
        instructions.append(jump)
    }

    /// Whether any jump leads to the label. The verifier refuses unreachable instructions, so unused code is left out.
    public func isUsed(_ label: Label) -> Bool {
        jumps.contains { $0.to == label }
    }

    /// Returns nil if a jump is farther than its 16-bit offset allows. Every label that is jumped to must have been
    /// placed.
    public func assembled() -> [UInt64]? {
        var result = instructions
        for jump in jumps {
            guard let position = positions[jump.to.id],
                let distance = Int16(exactly: position - jump.at - 1)
            else { return nil }
            result[jump.at].offset = distance
        }
        return result.map(\.encoded)
    }
}
