/// A chain that is attached to the packet's hook.
struct BaseChain: Equatable {
    var table: Table
    var chain: Chain
    var hook: ChainHook
    /// Reasons that the packet may not have reached the chain.
    var unknowns: [String]

    /// The chains of the hook for a packet, in the order of their priorities.
    static func all(in ruleset: Ruleset, at crossing: HookCrossing) -> [BaseChain] {
        var found: [BaseChain] = []
        for table in ruleset.tables where crossing.engine.map({ $0 == table.source.engine }) ?? true {
            for chain in table.chains.values {
                guard let hook = chain.hook, hook.hook == crossing.hook, families(of: crossing).contains(table.family),
                    let unknowns = unknowns(of: hook, at: crossing)
                else { continue }
                found.append(BaseChain(table: table, chain: chain, hook: hook, unknowns: unknowns))
            }
        }
        return found.sorted {
            ($0.hook.priority, $0.table.family, $0.table.name, $0.chain.name)
                < ($1.hook.priority, $1.table.family, $1.table.name, $1.chain.name)
        }
    }

    private static func families(of crossing: HookCrossing) -> [String] {
        switch crossing.family {
        case .ipv4: ["ip", "inet"]
        case .ipv6: ["ip6", "inet"]
        case .arp: ["arp"]
        case .bridge: ["bridge"]
        case .netdev: ["netdev", "inet"]
        }
    }

    /// Returns nil if the packet certainly does not reach the chain.
    private static func unknowns(of hook: ChainHook, at crossing: HookCrossing) -> [String]? {
        if crossing.family == .netdev {
            switch crossing.hook == .egress ? crossing.output : crossing.input {
            case .named(let name):
                let patterns: [Pattern] = hook.devices.map {
                    $0.hasSuffix("*") ? .textPrefix(String($0.dropLast())) : .exact(.text($0))
                }
                return hook.devices.isEmpty
                    ? ["the chain's device"] : patterns.matches(.text(name)) == .yes ? [] : nil
            case .none, .unknown: return ["the packet's device"]
            }
        }
        guard hook.isNAT else { return [] }
        // net/netfilter/nf_nat_core.c, nf_nat_inet_fn: only packets that begin a connection traverse the chain.
        switch crossing.connection {
        case .new, .related, .relatedReply: return ["whether the packet began its connection"]
        case .unknown: return ["whether the packet began its connection"]
        case .established, .establishedReply, .invalid, .untracked: return nil
        }
    }
}

/// Changes that the rules reachable from a base chain may make to a packet.
struct ReachableEffects {
    private(set) var setMark = false
    private(set) var changed: [HeaderField] = []

    init(of base: BaseChain) {
        var seen: Set<String> = []
        var waiting = [base.chain.name]
        while let name = waiting.popLast() {
            guard seen.insert(name).inserted, let chain = base.table.chains[name] else { continue }
            for step in chain.rules.flatMap(\.steps) {
                switch step {
                case .effect(.setMark): setMark = true
                case .effect(.change(let field)): if let field { changed.append(field) }
                case .verdict(.jump(let target)), .verdict(.goto(let target)): waiting.append(target)
                case .verdictMap: waiting += base.table.chains.keys
                default: break
                }
            }
        }
    }
}

/// The places in a table at which a packet's mark may change.
struct MarkChanges {
    /// Chains that change the mark, or lead to chains that do.
    private var chains: Set<String> = []
    private let context: RuleContext

    init(in table: Table, _ context: RuleContext) {
        self.context = context
        var isComplete = table.chains.values.allSatisfy { !$0.rules.contains(where: sets) }
        // A chain that leads to a chain in the set belongs to the set.
        while !isComplete {
            isComplete = true
            for chain in table.chains.values where !chains.contains(chain.name) {
                guard chain.rules.contains(where: { sets($0) || follow(in: $0) }) else { continue }
                chains.insert(chain.name)
                isComplete = false
            }
        }
    }

    /// Index of the last rule that may change the mark; -1 if there is none.
    func last(in chain: Chain) -> Int {
        chains.contains(chain.name) ? chain.rules.lastIndex { sets($0) || follow(in: $0) } ?? -1 : -1
    }

    /// Whether the rule leads to a chain that changes the mark.
    func follow(in rule: Rule) -> Bool {
        guard !chains.isEmpty else { return false }
        return rule.steps.contains { step in
            switch step {
            case .verdict(.jump(let target)), .verdict(.goto(let target)): chains.contains(target)
            case .verdictMap: true
            default: false
            }
        }
    }

    /// Whether the rule itself may change the mark of this packet.
    private func sets(_ rule: Rule) -> Bool {
        var blind: RuleContext?
        for step in rule.steps {
            switch step {
            case .effect(.setMark(let change)): if change != .unchanged { return true }
            case .condition(let condition):
                if blind == nil {
                    guard rule.steps.contains(where: { if case .effect(.setMark) = $0 { true } else { false } }) else {
                        return false
                    }
                    blind = context
                    blind?.mark = .unknown
                }
                if let blind, condition.evaluate(in: blind) == .no { return false }
            default: continue
            }
        }
        return false
    }
}

/// Header fields that address translation may change between the chains of one hook.
enum NATAddresses {
    private static let fields: [HeaderField] = [
        HeaderField(base: .network, bit: 96, count: 64, requirement: .version(4)),
        HeaderField(base: .network, bit: 64, count: 256, requirement: .version(6)),
        HeaderField(base: .transport, bit: 0, count: 32, requirement: .none),
    ]

    /// As soon as a family has one chain of type nat, NAT runs at hooks of its own (net/netfilter/nf_nat_core.c,
    /// nf_nat_register_fn), and also changes packets that never traverse such a chain.
    static func mayChange(at crossing: HookCrossing, after priority: Int, in ruleset: Ruleset) -> [HeaderField] {
        let place: Int? =
            switch crossing.hook {
            case .prerouting, .output: -100
            case .input, .postrouting: 100
            case .forward, .ingress, .egress: nil
            }
        guard let place, priority <= place else { return [] }
        let exists = ruleset.tables.contains { table in
            (table.family == "inet" || table.family == (crossing.family == .ipv6 ? "ip6" : "ip"))
                && table.chains.values.contains { $0.hook?.isNAT == true }
        }
        return exists ? fields : []
    }
}
