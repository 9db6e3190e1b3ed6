/// Follows a packet from a base chain through the chains of one table, in three-valued logic. Finds every rule that may end the
/// packet, with the unknown conditions on the path to it.
struct ChainWalk {
    /// A rule that may end the packet.
    struct End {
        var rule: RuleReference
        var ending: Ending
        var trail: [TrailStep]
        /// Empty if the packet certainly ends here.
        var unknowns: [String]
    }

    /// The result of leaving a chain at its end or by return.
    struct Exit {
        var isPossible: Bool
        /// Conditions under which the packet does not take this exit; empty if nothing can prevent it.
        var losses: [String]
    }

    private struct Way {
        var trail: [TrailStep]
        /// Unknown conditions on the path so far.
        var unknowns: [String]
        var depth: Int
        /// Whether the mark may be changed after the current chain has been left.
        var marksFollow = false
    }

    /// The kernel allows 16 (NFT_JUMP_STACK_SIZE); iptables-legacy allows more, but such rules are not in use.
    private static let maximumDepth = 64
    /// Bounds the walk: chains that jump to each other repeatedly have an exponential number of paths.
    private static let maximumSteps = 200_000

    private let table: Table
    private let counters: CounterEvidence
    private var context: RuleContext
    private let markChanges: MarkChanges
    private var steps = 0
    private(set) var ends: [End] = []
    /// Whether the limits of depth or steps ended the walk, or a chain was missing or led to itself.
    private(set) var isIncomplete = false

    init(table: Table, context: RuleContext, counters: CounterEvidence) {
        self.table = table
        self.context = context
        self.counters = counters
        markChanges = MarkChanges(in: table, context)
    }

    mutating func walk(_ baseChain: Chain) -> Exit {
        walk(baseChain, Way(trail: [], unknowns: [], depth: 0))
    }

    private mutating func walk(_ chain: Chain, _ start: Way) -> Exit {
        var exit = Exit(isPossible: false, losses: [])
        // Unknown conditions between the beginning of the chain and the current rule.
        var local: [String] = []
        let lastChange = markChanges.last(in: chain)
        let passes = context.passes
        defer { context.passes = passes }
        for (index, rule) in chain.rules.enumerated() {
            steps += 1
            guard steps < Self.maximumSteps, start.depth < Self.maximumDepth else {
                isIncomplete = true
                break
            }
            if counters.excludes(rule) { continue }
            context.passes = start.depth == 0 ? 1 : 3
            var way = Way(trail: start.trail, unknowns: start.unknowns.joined(local), depth: start.depth)
            // After the rule's own conditions, only the chain to which it leads can still change the mark.
            let marksFollow = start.marksFollow || index < lastChange
            way.marksFollow = rule.leaves ? start.marksFollow : marksFollow
            var outcomes = RuleOutcomes(
                rule, in: &context, isReachedForSure: way.unknowns.isEmpty,
                markIsFinal: !marksFollow && !markChanges.follow(in: rule))
            for (verdict, unknowns) in outcomes.verdicts {
                take(verdict, of: rule, if: unknowns, way, &outcomes, &exit, &local)
            }
            guard outcomes.mayPass else { return exit }
        }
        exit.isPossible = true
        return exit
    }

    /// Handles one verdict that the rule may give; `unknowns` are the conditions on which it depends.
    private mutating func take(
        _ verdict: Verdict, of rule: Rule, if unknowns: [String], _ way: Way, _ outcomes: inout RuleOutcomes,
        _ exit: inout Exit, _ local: inout [String]
    ) {
        switch verdict {
        case .continue: outcomes.mayPass = true
        case .return:
            exit.isPossible = true
            local.join(unknowns)
        case .jump(let name):
            let inner = follow(rule, to: name, .jump, if: unknowns, way)
            if inner.isPossible { outcomes.mayPass = true }
            if !inner.isPossible || !inner.losses.isEmpty {
                local.join(unknowns.joined(inner.losses))
                exit.losses.join(local)
            }
        case .goto(let name):
            let inner = follow(rule, to: name, .goto, if: unknowns, way)
            if inner.isPossible { exit.isPossible = true }
            local.join(unknowns)
            if !inner.isPossible || !inner.losses.isEmpty { exit.losses.join(local.joined(inner.losses)) }
        case .opaque(let name):
            // The extension may also let the packet continue.
            let why = unknowns + ["what '\(name)' does with the packet"]
            add(rule, .extensionVerdict(name), way, why)
            outcomes.mayPass = true
            local.join(why)
            exit.losses.join(local)
        case .accept, .drop, .reject, .queue, .stolen, .nat:
            if let ending = Ending(verdict) { add(rule, ending, way, unknowns) }
            local.join(unknowns)
            exit.losses.join(local)
        }
    }

    private mutating func follow(
        _ rule: Rule, to name: String, _ kind: TrailStep.Kind, if unknowns: [String], _ way: Way
    ) -> Exit {
        guard let target = table.chains[name] else {
            isIncomplete = true
            return Exit(isPossible: true, losses: ["the chain '\(name)', which is not listed"])
        }
        // The kernel refuses such rules: the rules changed during the listing, or the listing is damaged.
        guard !way.trail.contains(where: { $0.target == name }) else {
            isIncomplete = true
            return Exit(isPossible: true, losses: ["the chain '\(name)', which leads to itself"])
        }
        let step = TrailStep(rule: rule.reference, kind: kind, target: name, isCertain: unknowns.isEmpty)
        return walk(
            target,
            Way(
                trail: way.trail + [step], unknowns: way.unknowns.joined(unknowns), depth: way.depth + 1,
                marksFollow: way.marksFollow))
    }

    /// A rule with several paths is one suspect, with the most certain path.
    private mutating func add(_ rule: Rule, _ ending: Ending, _ way: Way, _ unknowns: [String]) {
        let end = End(rule: rule.reference, ending: ending, trail: way.trail, unknowns: way.unknowns.joined(unknowns))
        guard let known = ends.firstIndex(where: { $0.rule == end.rule }) else {
            ends.append(end)
            return
        }
        if end.unknowns.isEmpty, !ends[known].unknowns.isEmpty { ends[known] = end }
    }
}

/// Lists of unknown conditions have no duplicates and at most 16 entries: along chains that jump repeatedly, plain lists would
/// double at each jump.
extension [String] {
    private static var limit: Int { 16 }

    fileprivate mutating func join(_ others: [String]) {
        for other in others where count < Self.limit && !contains(other) { append(other) }
    }

    fileprivate func joined(_ others: [String]) -> [String] {
        var all = self
        all.join(others)
        return all
    }
}

extension Ending {
    /// Returns nil for verdicts that do not end the packet.
    init?(_ verdict: Verdict) {
        switch verdict {
        case .drop: self = .drop
        case .reject(let with): self = .reject(with: with)
        case .queue(let target): self = .queue(target)
        case .stolen(let what): self = .stolen(what)
        case .nat(let what): self = .natFailure(what)
        default: return nil
        }
    }
}
