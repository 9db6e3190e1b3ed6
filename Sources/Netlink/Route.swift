public import Protocols

/// A route (`struct rtmsg`, include/uapi/linux/rtnetlink.h).
public struct Route: Hashable, Sendable {
    /// RTN_UNICAST and so on.
    public enum Kind: UInt8, Sendable {
        case unspecified, unicast, local, broadcast, anycast, multicast, blackhole, unreachable, prohibit
        case `throw`, nat, xresolve
    }

    public var family: AddressFamily
    /// The type as a number, since later kernels may have more.
    public var type: UInt8
    /// Of `default`, the unspecified address with length 0.
    public var destination: IPPrefix
    public var source: IPPrefix?
    public var tos: UInt8 = 0
    public var table: UInt32 = 0
    /// The origin of the route (RTPROT_KERNEL and so on).
    public var proto: UInt8 = 0
    public var scope: UInt8 = 0
    /// RTNH_F_* and RTM_F_*
    public var flags: UInt32 = 0
    public var gateway: IPAddress?
    /// Index of the output device; nil if the route has none, or several next hops.
    public var device: UInt32?
    public var preferredSource: IPAddress?
    public var metric: UInt32?
    public var mtu: UInt32?
    /// Whether the MTU is locked against path MTU discovery.
    public var isMTULocked = false
    public var mark: UInt32?
    /// The realm of the source in the upper, that of the destination in the lower half.
    public var realm: UInt32?
    public var user: UInt32?
    public var nextHopGroup: UInt32?
    /// The router preference of IPv6 (`struct icmpv6_opt_nd_rtr_pref`).
    public var preference: UInt8?
    /// Of IPv6 routes that refuse, a negative errno.
    public var error: Int32 = 0
    /// Seconds until the route is removed; 0 if it stays.
    public var expires: UInt32 = 0
    public var nextHops: [NextHop] = []

    public struct NextHop: Hashable, Sendable {
        public var gateway: IPAddress?
        public var device: UInt32
        public var weight: UInt16
        public var flags: UInt8

        public init(gateway: IPAddress?, device: UInt32, weight: UInt16 = 1, flags: UInt8 = 0) {
            self.gateway = gateway
            self.device = device
            self.weight = weight
            self.flags = flags
        }
    }

    public enum Flags {
        public static let dead: UInt32 = 1
        public static let pervasive: UInt32 = 2
        public static let onlink: UInt32 = 4
        public static let offload: UInt32 = 8
        public static let linkDown: UInt32 = 16
        public static let unresolved: UInt32 = 32
        public static let trap: UInt32 = 64
        /// RTM_F_CLONED: the answer to a look-up instead of an entry of a table.
        public static let cloned: UInt32 = 0x200
    }

    /// nil for a type that is not known here.
    public var kind: Kind? { Kind(rawValue: type) }

    public init(family: AddressFamily, type: UInt8, destination: IPPrefix, table: UInt32) {
        self.family = family
        self.type = type
        self.destination = destination
        self.table = table
    }

    /// nil if the message is no route.
    static func destination(_ message: NetlinkMessage) -> IPPrefix? {
        let newRoute: UInt16 = 24
        let header = message.payload
        guard message.type == newRoute, header.count >= 12, let length: UInt8 = header.number(at: 1),
            let family = header.first.flatMap({ AddressFamily(rawValue: $0) }), family == .inet || family == .inet6
        else { return nil }
        let address = NetlinkAttributes(header, after: 12).address(Attribute.destination)
        return IPPrefix(address ?? .unspecified(family), length: Int(length))
    }

    init?(_ message: NetlinkMessage) {
        let header = message.payload
        guard let destination = Self.destination(message),
            let family = header.first.flatMap({ AddressFamily(rawValue: $0) }),
            let lengths = header.bytes(at: 1, count: 7).map(Array.init)
        else { return nil }
        let attributes = NetlinkAttributes(header, after: 12)
        self.init(family: family, type: lengths[6], destination: destination, table: UInt32(lengths[3]))
        (tos, proto, scope) = (lengths[2], lengths[4], lengths[5])
        flags = header.number(at: 8) ?? 0
        source = attributes.address(Attribute.source).flatMap { IPPrefix($0, length: Int(lengths[1])) }
        if let table: UInt32 = attributes.number(Attribute.table) { self.table = table }
        gateway = Self.gateway(attributes)
        device = attributes.number(Attribute.outputInterface)
        preferredSource = attributes.address(Attribute.preferredSource)
        metric = attributes.number(Attribute.priority)
        mark = attributes.number(Attribute.mark)
        realm = attributes.number(Attribute.flow)
        user = attributes.number(Attribute.user)
        nextHopGroup = attributes.number(Attribute.nextHopID)
        preference = attributes.number(Attribute.preference)
        if let metrics = attributes.nested(Attribute.metrics) {
            let lock: UInt16 = 1
            let mtu: UInt16 = 2
            self.mtu = metrics.number(mtu)
            isMTULocked = metrics.number(lock, as: UInt32.self).map { $0 & 1 << UInt32(mtu) != 0 } ?? false
        }
        if let cache = attributes[Attribute.cacheInformation] {
            expires = cache.number(at: 8) ?? 0
            error = cache.number(at: 12) ?? 0
        }
        nextHops = attributes[Attribute.multipath].map(Self.nextHops) ?? []
    }

    /// `struct rtnexthop` and its attributes, several times.
    private static func nextHops(_ bytes: ArraySlice<UInt8>) -> [NextHop] {
        var hops: [NextHop] = []
        var rest = bytes
        while let length = rest.number(as: UInt16.self), length >= 8,
            let whole = rest.bytes(at: 0, count: Int(length)), let device: UInt32 = whole.number(at: 4),
            let fields = whole.bytes(at: 2, count: 2).map(Array.init)
        {
            let gateway = gateway(NetlinkAttributes(whole, after: 8))
            hops.append(NextHop(gateway: gateway, device: device, weight: UInt16(fields[1]) + 1, flags: fields[0]))
            rest = rest.dropFirst((whole.count + 3) / 4 * 4)
        }
        return hops
    }

    /// The gateway may have the other family (`struct rtvia`).
    private static func gateway(_ attributes: NetlinkAttributes) -> IPAddress? {
        attributes.address(Attribute.gateway)
            ?? attributes[Attribute.via].flatMap { IPAddress($0.dropFirst(2)) }
    }

    /// RTA_DST and so on.
    enum Attribute {
        static let destination: UInt16 = 1
        static let source: UInt16 = 2
        static let inputInterface: UInt16 = 3
        static let outputInterface: UInt16 = 4
        static let gateway: UInt16 = 5
        static let priority: UInt16 = 6
        static let preferredSource: UInt16 = 7
        static let metrics: UInt16 = 8
        static let multipath: UInt16 = 9
        static let flow: UInt16 = 11
        static let cacheInformation: UInt16 = 12
        static let table: UInt16 = 15
        static let mark: UInt16 = 16
        static let via: UInt16 = 18
        static let preference: UInt16 = 20
        static let user: UInt16 = 25
        static let ipProtocol: UInt16 = 27
        static let sourcePort: UInt16 = 28
        static let destinationPort: UInt16 = 29
        static let nextHopID: UInt16 = 30
    }
}
