/// A program, or several functions of one, as a value that can be compared, printed (`listing`) and encoded.
public struct Code: Hashable, Sendable {
    public let instructions: [Instruction]
    /// The index of the instruction before which each label stands.
    let places: [Label: Int]
    let names: [Label: String]
    /// Remarks for the listing, by the index of the instruction that they precede.
    let notes: [Int: [String]]
    public let slots: [StackSlot]

    /// The helpers that the code calls.
    public var helpers: Set<Helper> {
        instructions.reduce(into: []) { if case .call(let helper) = $1 { $0.insert(helper) } }
    }

    /// The names of the maps that the code refers to.
    public var maps: Set<String> { Set(instructions.compactMap(\.map)) }

    /// Whether some instruction exists only since Linux 5.12.
    public var needsAtomics: Bool {
        instructions.contains {
            if case .atomic(let operation, _, _, _, _) = $0 { operation.needsAtomics } else { false }
        }
    }

    /// The last note before the instruction that begins at or covers a slot: which part of the source a complaint of
    /// the verifier is about.
    public func note(ofSlot slot: Int) -> String? {
        var last: String?
        var end = 0
        for (index, instruction) in instructions.enumerated() {
            last = notes[index]?.last ?? last
            end += instruction.slots
            if slot < end { return last }
        }
        return nil
    }
}
