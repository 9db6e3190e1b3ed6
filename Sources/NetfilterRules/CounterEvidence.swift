/// Evidence from the rules' packet counters. A rule did not end the packet if its counter did not change around the packet's
/// end, or is still 0.
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
    ///   - before: listed before the packet's end; nil if there is no such listing.
    ///   - after: listed after the packet's end.
    init(before: Ruleset?, after: Ruleset) {
        for table in after.tables {
            for chain in table.chains.values {
                let reference = table.reference(of: chain)
                let earlier = before?.chain(reference)
                // Rules of iptables have only numbers, which identify a rule only while the chain is unchanged.
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

    /// Whether the rule's counter shows that no packet passed it in that time.
    func excludes(_ rule: Rule) -> Bool {
        guard !still.isEmpty, rule.packets != nil, let key = Self.key(rule) else { return false }
        return still.contains(key)
    }

    func excludesPolicy(of chain: Chain, _ reference: ChainReference) -> Bool { stillPolicies.contains(reference) }
}
