extension Ruleset {
    /// Finds the rule or policy that ended a packet at a hook.
    ///
    /// - Parameter before: an earlier listing of the rules. If the two listings enclose the packet's end, rules whose counters
    ///   did not change between them are no suspects, and rules that were added or removed are distinguished.
    public func culprit(of crossing: HookCrossing, before: Ruleset? = nil) -> Answer {
        guard let to = begunAt, let end = crossing.timestamp, end < to else {
            return answer(crossing, CounterEvidence())
        }
        guard let before, let from = before.completeAt, from < end else {
            return answer(crossing, CounterEvidence(before: nil, after: self))
        }
        let counters = CounterEvidence(before: before, after: self)
        let now = answer(crossing, counters, earlier: before)
        let change = change(since: before)
        if change == .none { return now }
        // The later counters also hold for the earlier rules, as long as those existed.
        return decide(before.at(self).answer(crossing, before.stillThere(counters)), now, change)
    }

    private func answer(_ crossing: HookCrossing, _ counters: CounterEvidence, earlier: Ruleset? = nil) -> Answer {
        var search = CulpritSearch(crossing, in: self, counters: counters, earlier: earlier)
        return search.answer()
    }

    /// A rule of nft has one handle for its lifetime. For other rules, counters prove nothing about removed ones.
    private func stillThere(_ counters: CounterEvidence) -> CounterEvidence {
        tables.allSatisfy { $0.source == .nftables } ? counters : CounterEvidence()
    }

    /// Combines the answers of two different listings that enclose the packet's end.
    private func decide(_ then: Answer, _ now: Answer, _ change: RulesetChange) -> Answer {
        if let old = then.suspect, let new = now.suspect, old.culprit.isSame(as: new.culprit) { return now }
        // After a single change the packet met either the old or the new rules.
        if change == .once, var old = then.suspect, now == .nothing {
            old.wasRemoved = true
            return .culprit(old)
        }
        if change == .once, then == .nothing, now.suspect != nil { return now }
        let old = then.suspects.filter { suspect in !now.suspects.contains { $0.culprit.isSame(as: suspect.culprit) } }
        return .changed(
            old.map { suspect in
                var suspect = suspect
                suspect.wasRemoved = !has(suspect.culprit)
                return suspect
            } + now.suspects)
    }

    private func has(_ culprit: Suspect.Culprit) -> Bool {
        switch culprit {
        case .policy(let chain): self.chain(chain)?.hook?.policyDrops == true
        case .rule(let rule):
            chain(rule.chain)?.rules.contains { Suspect.Culprit.rule($0.reference).isSame(as: culprit) } ?? false
        }
    }
}

extension Answer {
    fileprivate var suspect: Suspect? { if case .culprit(let suspect) = self { suspect } else { nil } }

    fileprivate var suspects: [Suspect] {
        switch self {
        case .culprit(let suspect): [suspect]
        case .candidates(let suspects, _), .changed(let suspects): suspects
        case .nothing: []
        }
    }
}

extension Suspect.Culprit {
    /// Whether both are the same rule in two listings. nft never reuses a handle, but a reloaded rule gets a new one.
    fileprivate func isSame(as other: Suspect.Culprit) -> Bool {
        guard case .rule(let own) = self, case .rule(let others) = other else { return self == other }
        return own.chain == others.chain
            && (own.handle == others.handle && own.handle != nil || own.textWithoutCounts == others.textWithoutCounts)
    }
}

extension RuleReference {
    /// nft's texts contain counters: `counter packets 7 bytes 420`.
    fileprivate var textWithoutCounts: [Substring] {
        let words = text.split(separator: " ")
        return words.indices.filter { index in
            index == 0 || !["packets", "bytes", "used"].contains(words[index - 1]) || UInt64(words[index]) == nil
        }.map { words[$0] }
    }
}
