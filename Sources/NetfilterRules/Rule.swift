/// What a rule does with a packet that it matches.
enum Verdict: Equatable, Sendable {
    case accept
    case drop
    /// `with`: what is sent back, in the rule's words.
    case reject(with: String)
    case queue(QueueTarget)
    /// Taken away without a drop: forwarded to another device, answered by synproxy and so on.
    case stolen(String)
    /// Accepted; or dropped if no address or port is left to translate to.
    case nat(String)
    case jump(String)
    case goto(String)
    case `return`
    case `continue`
    /// An extension that is not known here: it may do anything, or nothing.
    case opaque(String)
}

/// Where NFQUEUE hands packets to.
public struct QueueTarget: Equatable, Hashable, Sendable {
    /// Queue numbers; several if packets are spread over them.
    public var numbers: ClosedRange<UInt16>
    /// Packets pass if nobody listens.
    public var bypass: Bool

    public init(numbers: ClosedRange<UInt16>, bypass: Bool) {
        self.numbers = numbers
        self.bypass = bypass
    }
}

/// What a rule changes on its way.
enum Effect: Equatable, Sendable {
    /// nil: to something that is not known.
    case setMark(MarkChange?)
    /// nil: something that no rule can read here.
    case change(HeaderField?)
}

/// A part of a rule, in the order in which the kernel takes them.
enum Step: Equatable, Sendable {
    case condition(Condition)
    case effect(Effect)
    case verdict(Verdict)
    case verdictMap(Operand, VerdictMap)
}

enum VerdictMap: Equatable, Sendable {
    case elements([NamedSet.Element])
    case named(NamedSet.Key)
}

struct Rule: Equatable, Sendable {
    var reference: RuleReference
    var steps: [Step]
    /// Packets that passed the rule's counter; nil if it has none.
    var packets: UInt64?

    /// Whether a packet that it matches never comes to the next rule of its chain.
    var leaves: Bool { if case .verdict(.goto)? = steps.last { true } else { false } }
}

/// Where a chain is hooked in.
struct ChainHook: Equatable, Sendable {
    var hook: NetfilterHook
    var priority: Int
    /// Drop or accept.
    var policyDrops: Bool
    /// Chains of netdev and inet ingress: the devices. Empty for all others.
    var devices: [String]
    /// Of iptables-legacy, where known.
    var policyPackets: UInt64?
    /// nft's `type nat`: only the first packet of a connection comes here.
    var isNAT = false
}

struct Chain: Equatable, Sendable {
    var name: String
    var hook: ChainHook?
    var rules: [Rule] = []
}

struct Table: Equatable, Sendable {
    var source: RuleSource
    /// As nft names them: ip, ip6, inet, arp, bridge, netdev.
    var family: String
    var name: String
    var chains: [String: Chain] = [:]
}
