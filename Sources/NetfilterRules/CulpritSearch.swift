/// Finds the rule or policy that ended a packet at a hook.
///
/// The packet's bytes and mark are known as they were when it was freed. They are what the dropping chain saw, unless that
/// chain itself had changed them; earlier chains may have seen other values, and let the packet pass. Therefore each base chain
/// is evaluated on its own. A chain that certainly ends the packet excludes all later ones only if nothing in between can have
/// changed a packet that it would have let pass into this one.
struct CulpritSearch {
    private let ruleset: Ruleset
    private let crossing: HookCrossing
    private let counters: CounterEvidence
    private let earlier: Ruleset?
    private var suspects: [Suspect] = []
    private var natRules: [Suspect] = []
    /// Reasons that the result is incomplete even if all chains were followed.
    private var doubts: [String] = []

    /// - Parameter earlier: the rules before the packet's end, if they are the same.
    init(_ crossing: HookCrossing, in ruleset: Ruleset, counters: CounterEvidence, earlier: Ruleset? = nil) {
        self.earlier = earlier
        self.crossing = crossing
        self.ruleset = ruleset
        self.counters = counters
    }

    mutating func answer() -> Answer {
        let chains = BaseChain.all(in: ruleset, at: crossing)
        for (index, base) in chains.enumerated() where ask(base) {
            let later = chains[index...].map { ReachableEffects(of: $0) }
            let translated = NATAddresses.mayChange(at: crossing, after: base.hook.priority, in: ruleset)
            guard ends(base, evenIf: later, translated) else { continue }
            // Chains of equal priority run in the order of their creation, which no listing shows.
            for tied in chains[index...].dropFirst() where tied.hook.priority == base.hook.priority { _ = ask(tied) }
            break
        }
        return conclusion()
    }

    /// Collects the suspects of one base chain; returns true if it certainly ends the packet.
    private mutating func ask(_ base: BaseChain) -> Bool {
        var context = RuleContext(crossing: crossing, in: ruleset, earlier: earlier)
        let effects = ReachableEffects(of: base)
        context.changed = effects.changed
        context.isTracked = isTracked(base)
        let found = suspects(of: base, in: context)
        for suspect in found where !suspects.contains(where: { $0.culprit == suspect.culprit }) {
            if case .natFailure = suspect.ending { natRules.append(suspect) } else { suspects.append(suspect) }
        }
        return found.contains { $0.unknowns.isEmpty && $0.isDefinite }
    }

    /// Whether the chain ends the packet regardless of later changes to it.
    private mutating func ends(_ base: BaseChain, evenIf later: [ReachableEffects], _ translated: [HeaderField]) -> Bool
    {
        var context = RuleContext(crossing: crossing, in: ruleset, earlier: earlier)
        // `ChainWalk` itself accounts for mark changes in this chain.
        if later.dropFirst().contains(where: \.setMark) { context.markAtEnd = nil }
        context.changed = later.flatMap(\.changed) + translated
        context.isTracked = isTracked(base)
        return suspects(of: base, in: context).contains { $0.unknowns.isEmpty && $0.isDefinite }
    }

    /// Whether the chain runs after connection tracking (NF_IP_PRI_CONNTRACK, include/uapi/linux/netfilter_ipv4.h).
    private func isTracked(_ base: BaseChain) -> Bool {
        crossing.isTrackable && (crossing.family == .ipv4 || crossing.family == .ipv6) && base.hook.priority > -200
    }

    private mutating func suspects(of base: BaseChain, in context: RuleContext) -> [Suspect] {
        var walk = ChainWalk(table: base.table, context: context, counters: counters)
        let exit = walk.walk(base.chain)
        if walk.isIncomplete {
            doubts.append("how the chains lead into one another, which is too entangled to be followed")
        }
        if base.table.source != .nftables, context.packet.hasBrokenTransport {
            doubts.append("whether an extension of iptables dropped the packet for its cut-off transport header")
        }
        let reference = base.table.reference(of: base.chain)
        let make = { (culprit: Suspect.Culprit, ending: Ending, trail: [TrailStep], unknowns: [String]) in
            Suspect(
                culprit: culprit, ending: ending, hook: base.hook.hook, priority: base.hook.priority,
                baseChain: reference, trail: trail, unknowns: (base.unknowns + unknowns).unique)
        }
        var found = walk.ends.filter { isPossible($0.ending) }
            .map { make(.rule($0.rule), $0.ending, $0.trail, $0.unknowns) }
        if base.hook.policyDrops, exit.isPossible, isPossible(.drop),
            !counters.excludesPolicy(of: base.chain, reference)
        {
            found.append(make(.policy(reference), .drop, [], exit.losses))
        }
        return found
    }

    /// Whether the ending fits the function in which the packet was freed.
    private func isPossible(_ ending: Ending) -> Bool {
        guard let endedInQueue = crossing.endedInQueue else { return true }
        switch ending {
        case .queue: return endedInQueue
        case .drop, .reject, .natFailure: return !endedInQueue
        case .stolen, .extensionVerdict: return true
        }
    }

    private func conclusion() -> Answer {
        if !doubts.isEmpty {
            return .candidates(suspects + natRules, because: (doubts + suspects.flatMap(\.unknowns)).unique)
        }
        if suspects.isEmpty {
            if natRules.isEmpty, crossing.engine != .nftables, crossing.family == .arp || crossing.family == .bridge {
                return .candidates(
                    [], because: ["the rules of arptables-legacy and ebtables-legacy, which are not read"])
            }
            // A rule with address translation is blamed for a failure only if there is no other suspect.
            return natRules.isEmpty
                ? .nothing
                : .candidates(natRules, because: ["whether address translation found nothing to translate to"])
        }
        let unknowns = suspects.flatMap(\.unknowns).unique
        if suspects.count == 1 {
            // A packet that its queue did not accept must have met the only rule with that queue.
            let isCertain = suspects[0].isDefinite || crossing.endedInQueue == true && suspects[0].isQueue
            let isSure = suspects[0].unknowns.isEmpty && isCertain
            // Elimination is valid only if the trace shows that rules gave the verdict.
            if isSure || crossing.engine != nil && natRules.isEmpty { return .culprit(suspects[0]) }
        }
        return .candidates(suspects, because: unknowns.isEmpty ? ["which of several chains came first"] : unknowns)
    }
}

extension Suspect {
    fileprivate var isQueue: Bool { if case .queue = ending { true } else { false } }

    /// Whether a packet that meets this suspect always ends.
    fileprivate var isDefinite: Bool {
        switch ending {
        case .drop, .reject: true
        case .queue, .stolen, .natFailure, .extensionVerdict: false
        }
    }
}

extension [String] {
    /// Each text once, in the order of first appearance.
    var unique: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
