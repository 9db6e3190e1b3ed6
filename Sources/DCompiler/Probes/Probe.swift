/// A probe of this kernel.
public struct Probe: Hashable, Sendable {
    /// From 1 on, as -l prints it.
    public var number: Int
    public var provider: String
    public var module: String
    public var function: String
    public var name: String
    public var site: ProbeSite
    /// For providers that this kernel offers from other places than others: what differs.
    public var approximation: String?

    public init(
        _ provider: String, module: String = "", function: String = "", name: String, site: ProbeSite,
        approximation: String? = nil
    ) {
        number = 0
        self.provider = provider
        self.module = module
        self.function = function
        self.name = name
        self.site = site
        self.approximation = approximation
    }

    public var title: String { "\(provider):\(module):\(function):\(name)" }
}

/// The place in the kernel where a probe fires.
public enum ProbeSite: Hashable, Sendable {
    case begin, end, error
    /// One CPU, or all of them.
    case everyNanoseconds(UInt64, onAllCPUs: Bool)
    case frequency(UInt64, onAllCPUs: Bool)
    /// Name, and number of arguments.
    case tracepoint(String, packet: PacketPlace?)
    case function(String, atReturn: Bool, packet: PacketPlace?)

    public var packet: PacketPlace? {
        switch self {
        case .tracepoint(_, let packet), .function(_, _, let packet): packet
        default: nil
        }
    }
}

/// How a place leads to its packet, and which packets fire the probe.
public struct PacketPlace: Hashable, Sendable {
    public enum Family: Hashable, Sendable {
        case ipv4, ipv6
        /// Of either version, by skb->protocol; others do not fire.
        case byProtocol
    }

    public enum Condition: Hashable, Sendable {
        /// pkt_type is not PACKET_OTHERHOST.
        case isForThisHost
        /// This machine made it: it was never received (skb->skb_iif is 0).
        case isLocallySent
        /// The destination is an address of the device, or the device is a loopback.
        case isAddressedToDevice
        /// The first header after those of IP.
        case hasTransport(UInt8)
    }

    /// The parameter that is a `struct sk_buff *`.
    public var parameter: Int
    public var family: Family
    public var conditions: [Condition]
    /// The socket comes from skb->sk.
    public var hasSocket: Bool

    public init(parameter: Int, family: Family, conditions: [Condition] = [], hasSocket: Bool = false) {
        self.parameter = parameter
        self.family = family
        self.conditions = conditions
        self.hasSocket = hasSocket
    }
}
