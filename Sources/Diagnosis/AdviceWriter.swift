/// Fills names and values of one packet into the steps of a cause.
struct AdviceWriter {
    /// Values by placeholder name.
    let values: [String: String]
    /// The namespace in which commands must run; nil if they are to be written without a prefix for it.
    var namespace: NamespaceName?

    /// Builds the advice of a cause. Steps whose placeholders are all known come first, since they can be run unchanged; the
    /// other steps keep their placeholders in angle brackets.
    ///
    /// - Parameter remedies: commands for the culprit. They replace the commands of the cause, which may not suit this culprit;
    ///   steps of the cause without a command remain.
    func advice(of cause: Cause, remedies: [Cause.Step] = []) -> [Advice] {
        let fixes = remedies.isEmpty ? cause.fix : remedies + cause.fix.filter { $0.command == nil }
        return advice(.check, cause.check) + advice(.fix, fixes)
    }

    private func placed(_ command: String) -> String { namespace?.placed(command) ?? command }

    private func advice(_ purpose: Advice.Purpose, _ steps: [Cause.Step]) -> [Advice] {
        let filled = steps.map { step in
            (
                isComplete: step.isLiteral || step.command.map(isKnown) ?? true,
                advice: Advice(
                    purpose, command: step.command.map { placed(step.isLiteral ? $0 : fill($0)) }, note: fill(step.note)
                )
            )
        }
        return filled.filter(\.isComplete).map(\.advice) + filled.filter { !$0.isComplete }.map(\.advice)
    }

    private func isKnown(_ text: String) -> Bool {
        Placeholder.all(in: text).allSatisfy { values[$0.rawValue] != nil }
    }

    private func fill(_ text: String) -> String {
        var filled = text
        for placeholder in Placeholder.all(in: text) {
            let name = placeholder.rawValue
            filled.replace("{\(name)}", with: values[name].map(Self.shellSafe) ?? "<\(name)>")
        }
        return filled
    }

    /// Quotes a value for the shell: readers paste these lines as root, and names from packets, devices and programs may
    /// contain any characters.
    static func shellSafe(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "._-:/@%+=, ".utf8.contains(byte)
            }
        }
        return isPlain ? value : quoted(value)
    }

    /// A single shell word for any text.
    static func quoted(_ value: String) -> String { "'" + value.replacing("'", with: #"'\''"#) + "'" }
}
