/// A line of iptables-save, split as iptables-restore splits it: at spaces, except within double quotes, where a backslash
/// takes away the meaning of what follows.
struct XtablesWords {
    private(set) var words: [String] = []

    /// nil if a quote has no end.
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
