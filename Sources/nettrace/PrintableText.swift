import KernelAccess

/// Text that may quote what others chose (arguments, names of files, words of tools), made safe for a terminal.
enum PrintableText {
    private static let arguments = QuotedArguments(ProcessSetup.commandLine)

    /// A message, with this program's own arguments in it on one line and cut, and all else as `escaped` does.
    static func message(_ text: String) -> String { escaped(arguments.fitted(into: text)) }

    /// Characters that act instead of being shown, but for line feeds, become `\u{NN}`.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        return text.unicodeScalars.map { isHarmful($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
    }

    /// Controls, and what changes the direction of text or hides in it.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n"
        case .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }
}
