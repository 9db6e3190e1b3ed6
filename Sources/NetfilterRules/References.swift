/// The tool that created a rule, and that shows and deletes it.
public enum RuleSource: String, Sendable, Hashable {
    case nftables = "nft"
    case iptablesLegacy = "iptables-legacy"
    case iptablesNft = "iptables-nft"

    var engine: RuleEngine {
        self == .iptablesLegacy ? .xtables : .nftables
    }
}

/// A chain by its names.
public struct ChainReference: Hashable, Sendable {
    public var source: RuleSource
    /// As nft names them: ip, ip6, inet, arp, bridge, netdev.
    public var family: String
    public var table: String
    public var chain: String

    /// The command: nft, or iptables or ip6tables in the right variant.
    var tool: String {
        switch source {
        case .nftables: "nft"
        case .iptablesLegacy: family == "ip6" ? "ip6tables-legacy" : "iptables-legacy"
        case .iptablesNft: family == "ip6" ? "ip6tables-nft" : "iptables-nft"
        }
    }

    /// A command that accepts matching packets at the chain's end, before its policy applies.
    public func acceptCommand(_ match: String) -> String {
        switch source {
        case .nftables: "nft add rule \(family) \(table) \(chain) \(match) accept"
        case .iptablesLegacy, .iptablesNft: "\(tool) -t \(table) -A \(chain) \(match) -j ACCEPT"
        }
    }

    /// A command that sets the chain's policy to accept.
    public var policyCommand: String {
        switch source {
        case .nftables: "nft 'chain \(family) \(table) \(chain) { policy accept; }'"
        case .iptablesLegacy, .iptablesNft: "\(tool) -t \(table) -P \(chain) ACCEPT"
        }
    }

    /// A command that shows the chain with handles or numbers of its rules.
    public var listCommand: String {
        switch source {
        case .nftables: "nft -a list chain \(family) \(table) \(chain)"
        case .iptablesLegacy, .iptablesNft: "\(tool) -t \(table) -nvL \(chain) --line-numbers"
        }
    }
}

/// A rule by its chain and handle or number.
public struct RuleReference: Hashable, Sendable {
    public var chain: ChainReference
    /// nft's handle; also set for rules of iptables-nft that nft lists.
    public var handle: UInt64?
    /// The rule's number in its chain for `iptables -D CHAIN NUMBER`, from 1. It changes when rules are inserted.
    public var number: Int?
    /// For nft, the line of `nft -a list chain` without its handle; for iptables, the line of iptables-save, `-A …`.
    public var text: String

    /// A command that accepts matching packets before the rule.
    ///
    /// - Parameter match: condition in the syntax of the chain's tool.
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

/// The step of a packet from one chain to the next.
public struct TrailStep: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case jump, goto }
    public var rule: RuleReference
    public var kind: Kind
    public var target: String
    /// Whether the rule certainly matches.
    public var isCertain: Bool
}

/// The end of a packet at a rule or policy.
public enum Ending: Hashable, Sendable {
    case drop
    /// The packet is freed and an error is returned; `with` is its name in the rule's notation.
    case reject(with: String)
    case queue(QueueTarget)
    /// synproxy and similar: an extension of the kernel answers or drops the packet.
    case stolen(String)
    /// Address translation found no free address or port.
    case natFailure(String)
    /// An unsupported extension, by name.
    case extensionVerdict(String)
}

/// A rule or policy that may have ended a packet.
public struct Suspect: Hashable, Sendable {
    public enum Culprit: Hashable, Sendable {
        case rule(RuleReference)
        /// The chain's policy: no rule decided.
        case policy(ChainReference)
    }
    public var culprit: Culprit
    public var ending: Ending
    public var hook: NetfilterHook
    /// Priority of the base chain.
    public var priority: Int
    /// The base chain in which the packet's path through the rules began.
    public var baseChain: ChainReference
    /// The path from the base chain to the culprit; empty if it is in the base chain itself.
    public var trail: [TrailStep]
    /// Unknown conditions of the path and the rule; empty if the packet certainly ended here.
    public var unknowns: [String]
    /// Whether it is no longer part of the rules.
    public var wasRemoved = false
}

/// The rule or policy that ended a packet, as far as the rules show it.
public enum Answer: Hashable, Sendable {
    /// The rule or policy. If it has `unknowns`, all other rules certainly let such packets pass.
    case culprit(Suspect)
    /// One of these; `because` lists the unknown conditions.
    case candidates([Suspect], because: [String])
    /// The rules changed around or after the packet's end, and the version that it met is not known. One of these may have
    /// ended it; those of the earlier listing come first.
    case changed([Suspect])
    /// No listed rule ends such a packet at this hook: the rules have changed since, or the packet was not dropped by a rule.
    case nothing
}
