/// What the rules' packet counters tell: a rule whose counter stood still while the packet ended was not its rule.
struct CounterEvidence: Sendable {
    private struct RuleKey: Hashable {
        var chain: ChainReference
        var handle: UInt64
    }

    /// Counters in the earlier snapshot.
    private var earlier: [RuleKey: UInt64] = [:]
    private var earlierPolicies: [ChainReference: UInt64] = [:]

    /// No evidence.
    init() {}

    init(before: Ruleset, after: Ruleset) {
        for table in before.tables {
            for chain in table.chains.values {
                let reference = table.reference(of: chain)
                // Rules of iptables have numbers only, which tell nothing once a rule was inserted above.
                let isSame = after.chain(reference)?.rules.map(\.reference.text) == chain.rules.map(\.reference.text)
                for rule in chain.rules {
                    guard let packets = rule.packets, let key = Self.key(rule, isSame: isSame) else { continue }
                    earlier[key] = packets
                }
                if isSame { earlierPolicies[reference] = chain.hook?.policyPackets }
            }
        }
    }

    private static func key(_ rule: Rule, isSame: Bool) -> RuleKey? {
        if rule.reference.chain.source == .nftables, let handle = rule.reference.handle {
            return RuleKey(chain: rule.reference.chain, handle: handle)
        }
        guard isSame, let number = rule.reference.number else { return nil }
        return RuleKey(chain: rule.reference.chain, handle: UInt64(number))
    }

    /// Whether no packet passed the rule's counter between the snapshots. A counter that shrank was reset.
    func excludes(_ rule: Rule) -> Bool {
        guard !earlier.isEmpty, let packets = rule.packets, let key = Self.key(rule, isSame: true) else { return false }
        return earlier[key] == packets
    }

    func excludesPolicy(of chain: Chain, _ reference: ChainReference) -> Bool {
        guard let packets = chain.hook?.policyPackets else { return false }
        return earlierPolicies[reference] == packets
    }
}
