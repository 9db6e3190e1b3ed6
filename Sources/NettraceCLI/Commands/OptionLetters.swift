/// Options as getopt(3) reads them: letters may be joined, with the last one's value (`-vxc 1`, `-c1`).
struct OptionLetters {
    /// Letters and names of options with a value.
    let letters: Set<Character>
    let names: Set<String>

    /// Appends the options of one word, each as a word of its own, and their value.
    func take(_ word: String, _ rest: inout ArraySlice<String>, to options: inout [String]) {
        if word.hasPrefix("--") {
            options.append(word)
            if names.contains(word), let value = rest.popFirst() { options.append(value) }
            return
        }
        var cluster = word.dropFirst()
        while let letter = cluster.popFirst() {
            options.append("-\(letter)")
            guard letters.contains(letter) else { continue }
            if cluster.isEmpty {
                rest.popFirst().map { options.append($0) }
            } else {
                options.append(String(cluster))
            }
            return
        }
    }
}
