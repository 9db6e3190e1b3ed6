/// The command line of dtrace(1) → the words that ArgumentParser takes. As in getopt(3), letters may be joined (`-qs FILE`,
/// `-xquiet`, `-c1`); words that are no options are arguments of the program, wherever they stand.
enum DSpelling {
    /// Options with a value.
    private static let letters: Set<Character> = [
        "b", "c", "D", "f", "i", "I", "L", "m", "n", "o", "p", "P", "s", "U", "x", "X",
    ]
    private static let names: Set = ["--ready-file"]

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
        return options + (arguments.isEmpty ? [] : ["--"] + arguments)
    }
}
