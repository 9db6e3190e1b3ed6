extension Ruleset {
    /// Who ended a packet that a hook did not let through.
    ///
    /// - Parameter before: an earlier snapshot of the same rules. If the two lie around the packet's end, rules whose
    ///   counters stood still between them are not suspected; and a rule that was not there then is not named.
    public func culprit(of crossing: HookCrossing, before: Ruleset? = nil) -> Answer {
        guard let before, let from = before.completeAt, let to = begunAt, let end = crossing.timestamp, from < end,
            end < to
        else {
            var search = CulpritSearch(crossing, in: self, counters: CounterEvidence())
            return search.answer()
        }
        var search = CulpritSearch(crossing, in: self, counters: CounterEvidence(before: before, after: self))
        let answer = search.answer()
        if case .culprit(let suspect) = answer, case .rule(let rule) = suspect.culprit, !before.has(rule) {
            return .candidates([suspect], because: ["whether the rule was there already: it was made during the trace"])
        }
        return answer
    }

    /// Handles of nft are never given twice, while its texts hold counters; iptables has but text and place.
    private func has(_ rule: RuleReference) -> Bool {
        chain(rule.chain)?.rules.contains { known in
            rule.chain.source == .nftables
                ? known.reference.handle == rule.handle
                : known.reference.number == rule.number && known.reference.text == rule.text
        } ?? false
    }
}
