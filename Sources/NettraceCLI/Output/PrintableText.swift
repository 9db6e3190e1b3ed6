import KernelAccess

/// Makes text safe for a terminal that may quote strings which others chose (arguments, names of files, output of
/// tools).
enum PrintableText {
    private static let arguments = QuotedArguments(ProcessSetup.commandLine)

    /// A message in which this program's own arguments are shortened to one line, and everything else is `escaped`.
    static func message(_ text: String) -> String { escaped(arguments.fitted(into: text)) }

    /// Replaces control characters, except line feeds, and invisible characters by `\u{NN}`.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        return text.unicodeScalars.map { isHarmful($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
    }

    /// Control characters, and characters that change the direction of text or are invisible.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n"
        case .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }
}
