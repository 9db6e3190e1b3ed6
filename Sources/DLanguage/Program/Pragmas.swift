extension ProgramOptions {
    /// `#pragma D option name[=value]` and its kind; the word `D` may be missing.
    mutating func apply(_ pragma: Lexer.Pragma) throws(Diagnostic) {
        var words = pragma.words[...]
        let isD = words.first == "D"
        if isD { words.removeFirst() }
        guard let word = words.popFirst() else {
            throw Diagnostic(
                "the pragma is empty", at: pragma.position, advice: "as in #pragma D option quiet",
                tag: .init("PRAGMA_MALFORM"))
        }
        switch word {
        case "option":
            // `name = value` may have blanks.
            let text = words.joined()
            guard let name = text.split(separator: "=", maxSplits: 1).first.map(String.init) else {
                throw Diagnostic(
                    "the pragma names no option", at: pragma.position, advice: "as in #pragma D option quiet",
                    tag: .init("PRAGMA_MALFORM"))
            }
            let value = text.contains("=") ? String(text.drop { $0 != "=" }.dropFirst()) : nil
            try set(name, value, at: pragma.position, by: .pragma)
        // Stabilities of names, which nothing here depends on.
        case "attributes", "binding": try Self.require(words, 2, word, pragma.position)
        case "depends_on":
            try Self.require(words, 2, word, pragma.position)
            guard ["provider", "module", "library"].contains(words[words.startIndex]) else {
                throw Diagnostic(
                    "depends_on does not know '\(words[words.startIndex])'", at: pragma.position,
                    advice: "it takes provider, module or library and a name", tag: .init("PRAGMA_INVAL"))
            }
        case "ident", "line", "once", "weak", "pack": break
        case "error": throw Diagnostic(words.joined(separator: " "), at: pragma.position)
        default:
            guard isD else { break }
            throw Diagnostic(
                "unknown pragma '\(word)'", at: pragma.position,
                advice: "pragmas: option, depends_on, attributes, binding, error", tag: .init("PRAGMA_INVAL"))
        }
    }

    private static func require(
        _ words: ArraySlice<String>, _ count: Int, _ word: String, _ position: SourcePosition
    ) throws(Diagnostic) {
        guard words.count >= count else {
            throw Diagnostic("#pragma D \(word) needs \(count) words", at: position, tag: .init("PRAGMA_MALFORM"))
        }
    }
}
