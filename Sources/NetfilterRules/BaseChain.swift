/// A chain that is hooked in where a packet was.
struct BaseChain: Equatable {
    var table: Table
    var chain: Chain
    var hook: ChainHook
    /// What is unknown about the packet's coming here at all.
    var unknowns: [String]

    /// Those of the hook that a packet passed, in the order of their priorities.
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

    /// nil if the packet surely does not come here.
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
        // net/netfilter/nf_nat_core.c, nf_nat_inet_fn: only packets that begin a connection see the chain.
        switch crossing.connection {
        case .new, .related, .relatedReply: return ["whether the packet began its connection"]
        case .unknown: return ["whether the packet began its connection"]
        case .established, .establishedReply, .invalid, .untracked: return nil
        }
    }
}

/// What the rules that a base chain leads to may change.
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

/// What address translation may change of a packet between the chains of one hook.
enum NATAddresses {
    private static let fields: [HeaderField] = [
        HeaderField(base: .network, bit: 96, count: 64, requirement: .version(4)),
        HeaderField(base: .network, bit: 64, count: 256, requirement: .version(6)),
        HeaderField(base: .transport, bit: 0, count: 32, requirement: .none),
    ]

    /// NAT sits at a hook of its own in each family as soon as one chain of type nat exists in it
    /// (net/netfilter/nf_nat_core.c, nf_nat_register_fn), and also changes packets that those chains never see.
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
