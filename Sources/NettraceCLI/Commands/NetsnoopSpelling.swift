/// The command line of netsnoop → the words that ArgumentParser takes. As in getopt(3), letters may be joined (`-vxc 1`,
/// `-c1`), and options end at the first word that is not an option: the words from there on are one filter, in which `-` is an
/// operator.
enum NetsnoopSpelling {
    private static let known = OptionLetters(
        letters: ["L", "b", "c", "e", "h", "i", "l", "n", "o", "p", "q", "t", "T"],
        names: ["--decode", "--follow", "--start-on", "--stop-on"])

    static func canonical(_ words: some Sequence<String>) -> [String] {
        var options: [String] = []
        var rest = Array(words)[...]
        while let word = rest.first, word.hasPrefix("-"), word != "-" {
            rest = rest.dropFirst()
            if word == "--" { break }
            known.take(word, &rest, to: &options)
        }
        return options + (rest.isEmpty ? [] : ["--", rest.joined(separator: " ")])
    }
}
