/// A line of iptables-save, split as in iptables-restore: at spaces outside of double quotes. In quotes a backslash escapes the
/// next character.
struct XtablesWords {
    private(set) var words: [String] = []

    /// Returns nil if a quote is not closed.
    init?(_ line: Substring) {
        var word = ""
        var begun = false
        var quoted = false
        var escaped = false
        for character in line {
            if escaped {
                word.append(character)
                escaped = false
            } else if quoted, character == "\\" {
                escaped = true
            } else if character == "\"" {
                quoted.toggle()
                begun = true
            } else if character == " ", !quoted {
                if begun { words.append(word) }
                word = ""
                begun = false
            } else {
                word.append(character)
                begun = true
            }
        }
        guard !quoted else { return nil }
        if begun { words.append(word) }
    }
}
