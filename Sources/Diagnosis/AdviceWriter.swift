/// Fills the names and values of one packet into the steps of a cause.
struct AdviceWriter {
    /// By the word between braces.
    let values: [String: String]
    /// Where commands have to run; nil: here.
    var namespace: NamespaceName?

    /// Steps whose every placeholder is known come first, since they can be run as they are; the others keep their
    /// placeholders in angle brackets for the reader to fill in.
    ///
    /// - Parameter remedies: of the culprit. What mends a cause in general may not mend this one: of the cause's own fixes
    ///   only plain words remain beside them.
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

    /// People paste these lines as root. What stands in packets or in names of devices and programs may hold anything.
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

    /// One word for the shell, whatever it holds.
    static func quoted(_ value: String) -> String { "'" + value.replacing("'", with: #"'\''"#) + "'" }
}
