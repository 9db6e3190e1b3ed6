/// A command line as a person writes it → the words that ArgumentParser takes.
///
/// Commands may be spelled as options (`--rtt` is `table rtt`, `-r FILE` is `read FILE`), and some options may be given
/// without their value.
struct Spelling {
    let arguments: [String]
    /// The option that stood for the command, and the command.
    private let alias: (option: String, command: String)?

    /// - Parameter commandLine: with the program's name, which may stand for a command.
    init(commandLine: [String]) {
        let words = Array(commandLine.dropFirst())
        let name = commandLine.first?.split(separator: "/").last.map(String.init)
        self.init(name.flatMap { Self.links[$0] }.map { [$0] + words } ?? words)
    }

    /// Commands that are also programs: names of links to this one (`make install`), and their commands.
    private static let links = [
        "dtrace": "d", "iptrace": "iptrace", "ipreport": "ipreport", "netsnoop": "netsnoop", "startsrc": "startsrc",
        "stopsrc": "stopsrc",
    ]

    init(_ words: [String]) {
        if words.first == "netsnoop" {
            arguments = ["netsnoop"] + NetsnoopSpelling.canonical(words.dropFirst())
            alias = nil
            return
        }
        // The words of a D program and of AIX's commands are not nettrace's options.
        if words.first == "d" {
            arguments = ["d"] + DSpelling.canonical(words.dropFirst())
            alias = nil
            return
        }
        if words.first.map(Self.unchanged.contains) == true {
            arguments = words
            alias = nil
            return
        }
        if Self.isExtcap(words) {
            arguments = words.first == "extcap" ? words : ["extcap"] + words
            alias = nil
            return
        }
        let canonical = Self.named(words) ?? (words, nil)
        arguments = Self.completed(NegationArguments.joined(canonical.0))
        alias = canonical.1
    }

    private static let unchanged: Set = ["iptrace", "startsrc", "stopsrc"]

    private static let commands: Set = [
        "trace", "read", "table", "explain", "features", "tracers", "iptrace", "ipreport", "d", "startsrc",
        "stopsrc", "help", "export", "extcap",
    ]

    /// Whether Wireshark calls the program, as one of its capture programs.
    private static func isExtcap(_ words: [String]) -> Bool {
        words.first == "extcap" || words.contains { $0.hasPrefix("--extcap-") }
    }

    /// The words after the command that one of the options stands for; nil if no option stands for a command.
    private static func named(_ words: [String]) -> ([String], (String, String)?)? {
        if let first = words.first, commands.contains(first) { return nil }
        let options = words.prefix { $0 != "--" }
        func has(_ option: String) -> Bool { options.contains { $0 == option || $0.hasPrefix(option + "=") } }
        func without(_ option: String) -> [String] { words.filter { $0 != option } }

        if has("--features") { return (["features"] + without("--features"), ("--features", "features")) }
        for option in ["--rtt", "--rtt-detail"] where has(option) {
            return (["table", "rtt"] + words, (option, "table rtt"))
        }
        if has("--tcp-summary") { return (["table", "connections"] + words, ("--tcp-summary", "table connections")) }
        if has("--drop"), has("--summary") {
            return (["table", "drops"] + without("--drop"), ("--drop --summary", "table drops"))
        }
        if let read = reading(words) { return (read, ("-r", "read")) }
        // The root's own help would list the commands only.
        return has("--help") || has("-h") ? (["trace"] + words, nil) : nil
    }

    /// `read FILE` and the other words, if one of them is `-r`, alone or at the end of short flags, or `--read`.
    private static func reading(_ words: [String]) -> [String]? {
        var rest = words
        for (index, word) in words.enumerated() {
            if word == "--" { return nil }
            if word.hasPrefix("--read=") {
                rest.remove(at: index)
                return ["read", String(word.dropFirst("--read=".count))] + rest
            }
            let flags = word.dropFirst()
            let isShort =
                word.hasPrefix("-") && flags.last == "r" && flags.dropLast().allSatisfy { "vqnl".contains($0) }
            guard word == "--read" || isShort, index + 1 < words.count else { continue }
            rest.remove(at: index + 1)
            rest[index] = "-" + flags.dropLast()
            if word == "--read" || flags.count == 1 { rest.remove(at: index) }
            return ["read", words[index + 1]] + rest
        }
        return nil
    }

    /// Values for options that may be given without one, which ArgumentParser does not support.
    private static let defaults = ["--summary": "1", "--rtt": "1", "--tcp-summary": "0"]

    static func completed(_ arguments: [String]) -> [String] {
        var completed: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            completed.append(argument)
            guard argument != "--" else { break }
            if let value = defaults[argument], rest.first.flatMap(Double.init) == nil { completed.append(value) }
        }
        return completed + rest
    }

    /// Options of tables, and how to ask for these.
    private static let tables = [
        "--summary": "--drop", "--by": "--drop --summary or --rtt", "--top": "--drop --summary, --rtt or --tcp-summary",
        "--sort": "--rtt or --tcp-summary", "--rtt-first": "--rtt", "--rtt-last": "--rtt", "--min-rtt": "--rtt",
    ]

    /// A sentence for a person who wrote an option that the command does not have; nil if there is nothing to add.
    func hint(for message: String) -> String? {
        guard message.contains("Unknown option") else { return nil }
        if let alias {
            return
                "\(alias.option) is the command 'nettrace \(alias.command)'; 'nettrace help \(alias.command)' lists its options"
        }
        if message.contains("Unknown option '-r'") || message.contains("Unknown option '--read'") {
            return "a recording is read with -r FILE, which is the command 'nettrace read FILE'"
        }
        for (option, needed) in Self.tables where message.contains("Unknown option '\(option)'") {
            return "\(option) is for tables, so it needs \(needed); see 'nettrace help table'"
        }
        return nil
    }
}
