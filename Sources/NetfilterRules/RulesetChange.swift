/// What became of rules between two listings.
enum RulesetChange {
    case none
    /// By one transaction, so that there were no other rules in between.
    case once
    case several
}

extension Ruleset {
    /// By the number that nf_tables gives each transaction (net/netfilter/nf_tables_api.c, nf_tables_commit), and by the
    /// rules themselves: those of iptables-legacy have no such number, and transactions may concern what no rule is.
    func change(since before: Ruleset) -> RulesetChange {
        let legacy = rules { $0.source == .iptablesLegacy } == before.rules { $0.source == .iptablesLegacy }
        if let from = before.generation, let to = generation, legacy {
            if from == to { return .none }
            if to &- from == 1 { return .once }
        }
        let isSame =
            legacy && rules { $0.source != .iptablesLegacy } == before.rules { $0.source != .iptablesLegacy }
            && fixedSets == before.fixedSets
        return isSame ? .none : .several
    }

    /// Without what changes by packets alone.
    private func rules(_ isWanted: (Table) -> Bool) -> [Table] {
        tables.filter(isWanted).map(\.withoutCounts).sorted {
            ($0.source.rawValue, $0.family, $0.name) < ($1.source.rawValue, $1.family, $1.name)
        }
    }

    private var fixedSets: [NamedSet.Key: NamedSet] { sets.filter { !$0.value.changes } }
}

extension Table {
    fileprivate var withoutCounts: Table {
        var table = self
        for name in chains.keys {
            table.chains[name]?.hook?.policyPackets = nil
            table.chains[name]?.rules = chains[name]?.rules.map(\.withoutCounts) ?? []
        }
        return table
    }
}

extension Rule {
    var withoutUse: Rule { Rule(reference: reference, steps: steps.map(\.withoutUse), packets: packets) }

    /// A rule that was loaded again has another handle, and is the same.
    fileprivate var withoutCounts: Rule {
        var rule = withoutUse
        rule.packets = nil
        rule.reference.handle = nil
        rule.reference.text = ""
        return rule
    }
}

extension Step {
    fileprivate var withoutUse: Step {
        if case .condition(.quota(let quota)) = self { .condition(.quota(quota.withoutUse)) } else { self }
    }
}
