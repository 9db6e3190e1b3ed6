/// A packet's way through the chains of one table, from a base chain on, in three-valued logic: finds every rule that may
/// end the packet, and for each what is unknown of the way to it.
struct ChainWalk {
    /// A rule that may end the packet.
    struct End {
        var rule: RuleReference
        var ending: Ending
        var trail: [TrailStep]
        /// Empty if the packet is sure to end here.
        var unknowns: [String]
    }

    /// How a packet leaves a chain at its end or by return.
    struct Exit {
        var isPossible: Bool
        /// What may have kept the packet from getting there; empty if nothing can.
        var losses: [String]
    }

    private struct Way {
        var trail: [TrailStep]
        /// What is unknown of the way so far.
        var unknowns: [String]
        var depth: Int
        /// Whether the mark may be changed after the chain that is walked has been left.
        var marksFollow = false
    }

    /// The kernel allows 16 (NFT_JUMP_STACK_SIZE); iptables-legacy allows more, and nobody uses them.
    private static let maximumDepth = 64
    /// Chains that jump to each other again and again make ways without number.
    private static let maximumSteps = 200_000

    private let table: Table
    private let counters: CounterEvidence
    private var scene: Scene
    private let markChanges: MarkChanges
    private var steps = 0
    private(set) var ends: [End] = []
    /// Whether the chains were too entangled to be followed to the end.
    private(set) var isIncomplete = false

    init(table: Table, scene: Scene, counters: CounterEvidence) {
        self.table = table
        self.scene = scene
        self.counters = counters
        markChanges = MarkChanges(in: table, scene)
    }

    mutating func walk(_ baseChain: Chain) -> Exit {
        walk(baseChain, Way(trail: [], unknowns: [], depth: 0))
    }

    private mutating func walk(_ chain: Chain, _ start: Way) -> Exit {
        var exit = Exit(isPossible: false, losses: [])
        // What is unknown of the way from the chain's beginning to the rule that is looked at.
        var local: [String] = []
        let lastChange = markChanges.last(in: chain)
        let passes = scene.passes
        defer { scene.passes = passes }
        for (index, rule) in chain.rules.enumerated() {
            steps += 1
            guard steps < Self.maximumSteps, start.depth < Self.maximumDepth else {
                isIncomplete = true
                break
            }
            if counters.excludes(rule) { continue }
            scene.passes = start.depth == 0 ? 1 : 3
            var way = Way(trail: start.trail, unknowns: start.unknowns.joined(local), depth: start.depth)
            // Of the rule itself only what it sends the packet to changes the mark after it.
            let marksFollow = start.marksFollow || index < lastChange
            way.marksFollow = rule.leaves ? start.marksFollow : marksFollow
            var outcomes = RuleOutcomes(
                rule, in: &scene, isReachedForSure: way.unknowns.isEmpty,
                markIsFinal: !marksFollow && !markChanges.follow(in: rule))
            for (verdict, unknowns) in outcomes.verdicts {
                take(verdict, of: rule, if: unknowns, way, &outcomes, &exit, &local)
            }
            guard outcomes.mayPass else { return exit }
        }
        exit.isPossible = true
        return exit
    }

    /// One of the verdicts that the rule may give, `unknowns` being what decides whether it does.
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
            // The extension may let the packet go on as well.
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
        // The kernel takes no such rules: the listing was made while they changed, or is damaged.
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

    /// A rule that several ways lead to is one suspect, by the surest of them.
    private mutating func add(_ rule: Rule, _ ending: Ending, _ way: Way, _ unknowns: [String]) {
        let end = End(rule: rule.reference, ending: ending, trail: way.trail, unknowns: way.unknowns.joined(unknowns))
        guard let known = ends.firstIndex(where: { $0.rule == end.rule }) else {
            ends.append(end)
            return
        }
        if end.unknowns.isEmpty, !ends[known].unknowns.isEmpty { ends[known] = end }
    }
}

/// What is unknown of a way: each thing once, and no more of them than anybody would read. Along chains that jump to
/// others again and again the bare lists would double at each jump.
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
    /// nil for verdicts that let the packet live.
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
