/// The command line of dtrace(1) → the words that ArgumentParser takes. As in getopt(3), letters may be joined (`-qs FILE`,
/// `-xquiet`, `-c1`); words that are no options are arguments of the program, wherever they stand.
enum DSpelling {
    private static let known = OptionLetters(
        letters: ["b", "c", "D", "f", "i", "I", "L", "m", "n", "o", "p", "P", "s", "U", "x", "X"],
        names: ["--ready-file"])

    static func canonical(_ words: some Sequence<String>) -> [String] {
        var options: [String] = []
        var arguments: [String] = []
        var rest = Array(words)[...]
        while let word = rest.popFirst() {
            if word == "--" {
                arguments += rest
                break
            }
            guard word.hasPrefix("-"), word.count > 1, Int(word) == nil else {
                arguments.append(word)
                continue
            }
            known.take(word, &rest, to: &options)
        }
        return options + (arguments.isEmpty ? [] : ["--"] + arguments)
    }
}
