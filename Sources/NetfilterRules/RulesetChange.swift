/// The difference between two listings of the rules.
enum RulesetChange {
    case none
    /// A single transaction, so that there was no intermediate version.
    case once
    case several
}

extension Ruleset {
    /// Compares generations of nf_tables (net/netfilter/nf_tables_api.c, nf_tables_commit) and the rules themselves:
    /// iptables-legacy has no generations, and a transaction may change other objects than rules.
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

    /// Rules without the counters that packets change.
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

    /// A reloaded rule has another handle but is the same.
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
