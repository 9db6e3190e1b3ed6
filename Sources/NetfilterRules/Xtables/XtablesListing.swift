/// The tables in the output of iptables-save.
struct XtablesListing {
    /// `ip` or `ip6`; the text does not contain it.
    let family: String
    let source: RuleSource
    private(set) var tables: [String: Table] = [:]

    /// - Parameters:
    ///   - text: the output of `iptables-save -c` or a variant. Without -c rules have no counters.
    ///   - family: `ip` or `ip6`.
    init(_ text: String, family: String, source: RuleSource) throws(RulesetError) {
        self.family = family
        self.source = source
        var table: Table?
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            switch line.first {
            case nil, "#": continue
            case "*":
                // A table may lack its end: iptables-nft-save omits it for a table that it cannot read.
                if let table { tables[table.name] = table }
                table = Table(source: source, family: family, name: String(line.dropFirst()))
            case "C" where line == "COMMIT":
                if let table { tables[table.name] = table }
                table = nil
            case ":", "[", "-":
                guard table != nil else { throw .notIptablesSave("a rule or chain outside of a table", line: number) }
                if line.first == ":" {
                    try addChain(line, to: &table!, at: number)
                } else {
                    try addRule(line, to: &table!, at: number)
                }
            default: throw .notIptablesSave("an unknown beginning", line: number)
            }
        }
        guard table == nil else { throw .notIptablesSave("COMMIT is missing: was the text cut off?", line: number) }
    }

    /// Parses `:INPUT DROP [12:3456]`.
    private func addChain(_ line: Substring, to table: inout Table, at number: Int) throws(RulesetError) {
        let words = line.dropFirst().split(separator: " ")
        guard words.count >= 2 else { throw .notIptablesSave("a chain without a policy", line: number) }
        let name = String(words[0])
        var chain = Chain(name: name)
        if words[1] != "-", let (hook, priority) = Self.place(of: name, in: table.name) {
            chain.hook = ChainHook(
                hook: hook, priority: priority, policyDrops: words[1] == "DROP", devices: [],
                // iptables-nft always prints 0.
                policyPackets: source == .iptablesLegacy ? words.dropFirst(2).first.flatMap(Self.packets) : nil,
                isNAT: table.name == "nat")
        }
        table.chains[name] = chain
    }

    /// Default hook and priority of a chain (include/uapi/linux/netfilter_ipv4.h, enum nf_ip_hook_priorities).
    private static func place(of chain: String, in table: String) -> (NetfilterHook, Int)? {
        guard let hook = NetfilterHook(rawValue: chain.lowercased()) else { return nil }
        switch (table, hook) {
        case ("raw", _): return (hook, -300)
        case ("mangle", _): return (hook, -150)
        case ("nat", .prerouting), ("nat", .output): return (hook, -100)
        case ("nat", _): return (hook, 100)
        case ("filter", _): return (hook, 0)
        case ("security", _): return (hook, 50)
        default: return nil
        }
    }

    /// Parses the first number of `[12:3456]`.
    private static func packets(_ word: some StringProtocol) -> UInt64? {
        guard word.hasPrefix("["), let end = word.firstIndex(of: ":") else { return nil }
        return UInt64(word[word.index(after: word.startIndex)..<end])
    }

    /// Parses `[12:3456] -A INPUT -p tcp -j DROP`.
    private func addRule(_ line: Substring, to table: inout Table, at number: Int) throws(RulesetError) {
        var line = line
        var packets: UInt64?
        if line.first == "[", let end = line.firstIndex(of: "]") {
            packets = Self.packets(line[...end])
            line = line[line.index(after: end)...].drop { $0 == " " }
        }
        guard let words = XtablesWords(line)?.words, words.count >= 2, words[0] == "-A" else {
            throw .notIptablesSave("a line that is no rule", line: number)
        }
        let chain = words[1]
        guard let count = table.chains[chain]?.rules.count else {
            throw .notIptablesSave("a rule of the unknown chain '\(chain)'", line: number)
        }
        let reference = RuleReference(
            chain: ChainReference(source: source, family: family, table: table.name, chain: chain),
            number: count + 1, text: String(line))
        let steps = XtablesRuleReader(family: family, chains: table.chains).steps(Array(words.dropFirst(2)))
        // No other reference to the chains may exist here: with thousands of chains, a copy for each rule would take
        // minutes.
        table.chains[chain]?.rules.append(Rule(reference: reference, steps: steps, packets: packets))
    }
}
