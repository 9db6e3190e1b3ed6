/// Makes arguments that a message quotes fit for it: on one line, and short enough to leave the message to be seen.
struct QuotedArguments {
    /// Longer than any argument that is meant; beginning and end of a longer one say which it was.
    private static let longest = 200
    private static let shownOfLonger = 80

    /// What is replaced, the longest first, since others may be parts of it.
    private let replacements: [(text: String, shown: String)]

    init(_ arguments: some Sequence<String>) {
        var parts: Set<String> = []
        for argument in arguments {
            parts.insert(argument)
            // Messages also quote one of several values, and the value of --option=value.
            for separator: Character in [",", "=", " "] {
                parts.formUnion(argument.split(separator: separator).map(String.init))
            }
        }
        replacements = parts.compactMap { part in
            let shown = Self.shown(part)
            guard shown != part else { return nil }
            // Lines of the message end as this argument does: only the quoted one is meant.
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
