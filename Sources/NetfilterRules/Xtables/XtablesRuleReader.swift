/// Converts the words of a rule to its steps.
struct XtablesRuleReader {
    /// An option with its arguments, and whether `!` precedes it.
    struct Option {
        var name: String
        var arguments: [String]
        var isNegated: Bool
        /// The match to which it belongs: the one that the preceding `-m` names.
        var match: String?

        var argument: String { arguments.first ?? "" }
        var text: String { ([isNegated ? "! " + name : name] + arguments).joined(separator: " ") }
    }

    let family: String
    let chains: [String: Chain]

    private static let knownMatches: Set<String> = [
        "tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmp6", "multiport", "mark", "conntrack", "state", "comment",
        "iprange", "ttl", "hl", "length", "dscp", "tos", "addrtype",
    ]

    func steps(_ words: [String]) -> [Step] {
        let options = options(words)
        var steps: [Step] = []
        let matches = XtablesMatches(family: family)
        for (index, option) in options.enumerated() {
            switch option.name {
            case "-j":
                // All following options belong to the target.
                let target = XtablesTargets(chains: chains, options: options.dropFirst(index + 1))
                return steps + target.steps(option.argument)
            case "-g": return steps + [.verdict(.goto(option.argument))]
            case "-m":
                guard !Self.knownMatches.contains(option.argument) else { continue }
                let own = Array(options[(index + 1)...].prefix { $0.match == option.argument && $0.name != "-m" })
                steps.append(
                    .condition(
                        XtablesModules(family: family).condition(option.argument, own)
                            ?? .unknown("the match '\(Self.spelling(of: option, own))'")))
            default:
                if let match = option.match, !Self.knownMatches.contains(match) { continue }
                steps.append(.condition(matches.condition(option)))
            }
        }
        return steps
    }

    private static func spelling(of match: Option, _ options: [Option]) -> String {
        ([match.argument] + options.map(\.text)).joined(separator: " ")
    }

    private func options(_ words: [String]) -> [Option] {
        var options: [Option] = []
        var negated = false
        var match: String?
        for word in words {
            if word == "!" {
                negated = true
            } else if word.hasPrefix("-"), word.utf8.count > 1, !word.dropFirst().allSatisfy(\.isNumber) {
                // Options of iptables itself have one letter, those of matches have words.
                if word.utf8.count == 2 { match = nil }
                options.append(Option(name: word, arguments: [], isNegated: negated, match: match))
                negated = false
            } else if !options.isEmpty {
                options[options.count - 1].arguments.append(word)
                if options[options.count - 1].name == "-m" { match = word }
            }
        }
        return options
    }
}
