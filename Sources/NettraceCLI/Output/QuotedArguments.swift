/// Shortens arguments that a message quotes: to one line, and to a length that leaves the message readable.
struct QuotedArguments {
    /// Longer than any reasonable argument; of a longer one, beginning and end are shown.
    private static let longest = 200
    private static let shownOfLonger = 80

    /// Replacements, the longest text first, since others may be parts of it.
    private let replacements: [(text: String, shown: String)]

    init(_ arguments: some Sequence<String>) {
        var parts: Set<String> = []
        for argument in arguments {
            parts.insert(argument)
            // Messages also quote one of several values, or the value of --option=value.
            for separator: Character in [",", "=", " "] {
                parts.formUnion(argument.split(separator: separator).map(String.init))
            }
        }
        replacements = parts.compactMap { part in
            let shown = Self.shown(part)
            guard shown != part else { return nil }
            // For an argument of newlines only the quoted text is replaced, since the message itself has line ends.
            return part.allSatisfy(\.isNewline) ? ("'\(part)'", "'\(shown)'") : (part, shown)
        }.sorted { $0.text.utf8.count > $1.text.utf8.count }
    }

    func fitted(into message: String) -> String {
        replacements.reduce(message) { message, replacement in
            message.replacing(replacement.text, with: replacement.shown)
        }
    }

    private static func shown(_ argument: String) -> String {
        let line = argument.unicodeScalars.contains("\n") ? argument.replacing("\n", with: "\\u{a}") : argument
        guard line.count > longest else { return line }
        return "\(line.prefix(shownOfLonger))…\(line.suffix(shownOfLonger)) (\(argument.count) characters)"
    }
}
