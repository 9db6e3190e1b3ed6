/// The action of a rule on a packet that it matches.
enum Verdict: Equatable, Sendable {
    case accept
    case drop
    /// `with`: name of the returned error in the rule's notation.
    case reject(with: String)
    case queue(QueueTarget)
    /// Removed without a drop: forwarded to another device, answered by synproxy and so on.
    case stolen(String)
    /// Accepts the packet, or drops it if no address or port is free for the translation.
    case nat(String)
    case jump(String)
    case goto(String)
    case `return`
    case `continue`
    /// An unsupported extension, which may do anything or nothing.
    case opaque(String)
}

/// The queues of an NFQUEUE verdict.
public struct QueueTarget: Equatable, Hashable, Sendable {
    /// Queue numbers; several if packets are distributed over them.
    public var numbers: ClosedRange<UInt16>
    /// Whether packets pass if no program listens on the queue.
    public var bypass: Bool

    public init(numbers: ClosedRange<UInt16>, bypass: Bool) {
        self.numbers = numbers
        self.bypass = bypass
    }
}

/// A change that a rule makes to a packet.
enum Effect: Equatable, Sendable {
    /// nil if the new mark is unknown.
    case setMark(MarkChange?)
    /// nil for data that no supported rule reads.
    case change(HeaderField?)
}

/// A part of a rule, in the kernel's order of evaluation.
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

    /// Whether a matching packet never reaches the next rule of the chain.
    var leaves: Bool { if case .verdict(.goto)? = steps.last { true } else { false } }
}

/// The hook to which a chain is attached.
struct ChainHook: Equatable, Sendable {
    var hook: NetfilterHook
    var priority: Int
    /// Whether the policy is drop; otherwise it is accept.
    var policyDrops: Bool
    /// Devices of chains of family netdev and hook inet ingress; empty for all others.
    var devices: [String]
    /// Packets that met the policy, for iptables-legacy; nil if not known.
    var policyPackets: UInt64?
    /// nft's `type nat`: only the first packet of a connection traverses the chain.
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
