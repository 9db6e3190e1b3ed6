/// Which tool made a rule, and thus which one shows and deletes it.
public enum RuleSource: String, Sendable, Hashable {
    case nftables = "nft"
    case iptablesLegacy = "iptables-legacy"
    case iptablesNft = "iptables-nft"

    var engine: RuleEngine {
        self == .iptablesLegacy ? .xtables : .nftables
    }
}

/// A chain, by the names its user knows.
public struct ChainReference: Hashable, Sendable {
    public var source: RuleSource
    /// As nft names them: ip, ip6, inet, arp, bridge, netdev.
    public var family: String
    public var table: String
    public var chain: String

    /// iptables or ip6tables of the right kind; nft.
    var tool: String {
        switch source {
        case .nftables: "nft"
        case .iptablesLegacy: family == "ip6" ? "ip6tables-legacy" : "iptables-legacy"
        case .iptablesNft: family == "ip6" ? "ip6tables-nft" : "iptables-nft"
        }
    }

    /// A command that lets more in at the chain's end, where its policy would drop it.
    public func acceptCommand(_ match: String) -> String {
        switch source {
        case .nftables: "nft add rule \(family) \(table) \(chain) \(match) accept"
        case .iptablesLegacy, .iptablesNft: "\(tool) -t \(table) -A \(chain) \(match) -j ACCEPT"
        }
    }

    /// A command that makes the chain's policy accept.
    public var policyCommand: String {
        switch source {
        case .nftables: "nft 'chain \(family) \(table) \(chain) { policy accept; }'"
        case .iptablesLegacy, .iptablesNft: "\(tool) -t \(table) -P \(chain) ACCEPT"
        }
    }

    /// A command that shows the chain with what identifies its rules.
    public var listCommand: String {
        switch source {
        case .nftables: "nft -a list chain \(family) \(table) \(chain)"
        case .iptablesLegacy, .iptablesNft: "\(tool) -t \(table) -nvL \(chain) --line-numbers"
        }
    }
}

/// A rule, as its user knows it.
public struct RuleReference: Hashable, Sendable {
    public var chain: ChainReference
    /// nft's handle; of iptables-nft's rules where nft lists them too.
    public var handle: UInt64?
    /// The rule's number in its chain for `iptables -D CHAIN NUMBER`, from 1. It changes when rules are inserted.
    public var number: Int?
    /// nft: the line of `nft -a list chain`, without its handle. iptables: the line of iptables-save, `-A …`.
    public var text: String

    /// A command that lets more in before the rule.
    ///
    /// - Parameter match: what is let in, in the words of the chain's tool.
    public func acceptCommand(_ match: String) -> String {
        switch chain.source {
        case .nftables:
            "nft insert rule \(chain.family) \(chain.table) \(chain.chain)"
                + (handle.map { " position \($0)" } ?? "") + " \(match) accept"
        case .iptablesLegacy, .iptablesNft:
            "\(chain.tool) -t \(chain.table) -I \(chain.chain) \(number.map { "\($0) " } ?? "")\(match) -j ACCEPT"
        }
    }

    /// A command that deletes the rule.
    public var deleteCommand: String {
        switch chain.source {
        case .nftables:
            "nft delete rule \(chain.family) \(chain.table) \(chain.chain) handle \(handle.map(String.init) ?? "HANDLE")"
        case .iptablesLegacy, .iptablesNft:
            "\(chain.tool) -t \(chain.table) -D \(chain.chain) \(number.map(String.init) ?? "NUMBER")"
        }
    }
}

/// How a packet got from one chain to the next.
public struct TrailStep: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case jump, goto }
    public var rule: RuleReference
    public var kind: Kind
    public var target: String
    /// Whether the rule matches for certain.
    public var isCertain: Bool
}

/// What can end a packet.
public enum Ending: Hashable, Sendable {
    case drop
    /// The packet is freed and `with` is sent back, in the rule's words.
    case reject(with: String)
    case queue(QueueTarget)
    /// synproxy and the like: answered or dropped by the kernel's own extension.
    case stolen(String)
    /// Address translation that found nothing to translate to.
    case natFailure(String)
    /// An extension that is not known here, by its name.
    case extensionVerdict(String)
}

/// Someone that may have ended a packet.
public struct Suspect: Hashable, Sendable {
    public enum Culprit: Hashable, Sendable {
        case rule(RuleReference)
        /// The chain's policy: no rule decided.
        case policy(ChainReference)
    }
    public var culprit: Culprit
    public var ending: Ending
    public var hook: NetfilterHook
    /// Of the base chain.
    public var priority: Int
    /// The base chain in which the packet's way through the rules began.
    public var baseChain: ChainReference
    /// How it got from there to the culprit; empty within the base chain itself.
    public var trail: [TrailStep]
    /// What is not known of the way there and of the rule itself; empty if the packet was sure to end here.
    public var unknowns: [String]
    /// It is not among the rules any more.
    public var wasRemoved = false
}

/// Who ended a packet, as far as the rules tell.
public enum Answer: Hashable, Sendable {
    /// The rule or policy. With `unknowns` it is the only one left, since all others let such packets pass.
    case culprit(Suspect)
    /// Any of these; `because` tells what was unknown.
    case candidates([Suspect], because: [String])
    /// The rules were changed while the packet ended, or since, and which of them it met is not known. These may have ended
    /// it: first those of the earlier listing.
    case changed([Suspect])
    /// No rule of the listed rule set ends such a packet at this hook: the rules have changed since, or something other
    /// than rules dropped it.
    case nothing
}
