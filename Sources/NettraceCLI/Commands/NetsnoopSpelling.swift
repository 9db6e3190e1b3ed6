/// The command line of netsnoop → the words that ArgumentParser takes. As in getopt(3), letters may be joined (`-vxc 1`,
/// `-c1`), and options end at the first word that is not an option: the words from there on are one filter, in which `-` is an
/// operator.
enum NetsnoopSpelling {
    /// Options with a value.
    private static let letters: Set<Character> = ["L", "b", "c", "e", "h", "i", "l", "n", "o", "p", "q", "t", "T"]
    private static let names: Set = ["--decode", "--follow", "--start-on", "--stop-on"]

    static func canonical(_ words: some Sequence<String>) -> [String] {
        var options: [String] = []
        var rest = Array(words)[...]
        while let word = rest.first, word.hasPrefix("-"), word != "-" {
            rest = rest.dropFirst()
            if word == "--" { break }
            if word.hasPrefix("--") {
                options.append(word)
                if names.contains(word), let value = rest.popFirst() { options.append(value) }
                continue
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
                break
            }
        }
        return options + (rest.isEmpty ? [] : ["--", rest.joined(separator: " ")])
    }
}
