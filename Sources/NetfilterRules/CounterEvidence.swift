/// What the rules' packet counters tell: a rule whose counter stood still while the packet ended was not its rule, nor one
/// that has counted nothing since it was made.
struct CounterEvidence: Sendable {
    private struct RuleKey: Hashable {
        var chain: ChainReference
        var handle: UInt64
    }

    private var still: Set<RuleKey> = []
    private var stillPolicies: Set<ChainReference> = []

    /// No evidence.
    init() {}

    /// - Parameters:
    ///   - before: listed before the packet's end; nil: nothing was.
    ///   - after: listed after the packet's end.
    init(before: Ruleset?, after: Ruleset) {
        for table in after.tables {
            for chain in table.chains.values {
                let reference = table.reference(of: chain)
                let earlier = before?.chain(reference)
                // Rules of iptables have numbers only, which tell nothing once a rule was inserted above.
                let isSame = earlier?.rules.map(\.reference.text) == chain.rules.map(\.reference.text)
                var counts: [RuleKey: UInt64] = [:]
                for rule in earlier?.rules ?? [] where isSame || rule.reference.chain.source == .nftables {
                    if let key = Self.key(rule) { counts[key] = rule.packets }
                }
                for rule in chain.rules {
                    guard let key = Self.key(rule), let packets = rule.packets else { continue }
                    if packets == counts[key] ?? 0 { still.insert(key) }
                }
                if let packets = chain.hook?.policyPackets,
                    packets == (isSame ? earlier?.hook?.policyPackets : nil) ?? 0
                {
                    stillPolicies.insert(reference)
                }
            }
        }
    }

    private static func key(_ rule: Rule) -> RuleKey? {
        let number =
            rule.reference.chain.source == .nftables ? rule.reference.handle : rule.reference.number.map(UInt64.init)
        return number.map { RuleKey(chain: rule.reference.chain, handle: $0) }
    }

    /// Whether no packet passed the rule's counter in that time.
    func excludes(_ rule: Rule) -> Bool {
        guard !still.isEmpty, rule.packets != nil, let key = Self.key(rule) else { return false }
        return still.contains(key)
    }

    func excludesPolicy(of chain: Chain, _ reference: ChainReference) -> Bool { stillPolicies.contains(reference) }
}
