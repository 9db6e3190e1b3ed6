public import Protocols

/// `ip route get`: the route that the kernel would choose. Refused with ENETUNREACH, EINVAL, EACCES and so on if it has
/// none, or one that refuses.
public struct RouteQuery: NetlinkQuestion {
    public var destination: IPAddress
    public var source: IPAddress?
    /// Index of the device by which the packet comes; nil if this machine makes it.
    public var inputDevice: UInt32?
    public var outputDevice: UInt32?
    public var mark: UInt32 = 0
    public var user: UInt32?
    public var flow: Flow?
    /// The entry of the table instead of the result of the look-up (RTM_F_FIB_MATCH).
    public var wantsEntry = false

    /// For the choice among several next hops, and for rules with ports. The kernel accepts only TCP, UDP and ICMP
    /// (rtm_getroute_parse_ip_proto).
    public struct Flow: Hashable, Sendable {
        public var ipProtocol: UInt8
        public var sourcePort: UInt16
        public var destinationPort: UInt16

        public init(ipProtocol: UInt8, sourcePort: UInt16, destinationPort: UInt16) {
            self.ipProtocol = ipProtocol
            self.sourcePort = sourcePort
            self.destinationPort = destinationPort
        }
    }

    public init(to destination: IPAddress, from source: IPAddress? = nil) {
        self.destination = destination
        self.source = source
    }

    public static let subject = "routes"

    public var request: NetlinkRequest {
        let lookupTable: UInt32 = 0x1000
        let match: UInt32 = 0x2000
        var header = [destination.isIPv6 ? AddressFamily.inet6.rawValue : AddressFamily.inet.rawValue]
        header += [UInt8(destination.width), UInt8(source?.width ?? 0), 0, 0, 0, 0, 0]
        // IPv6 always reports the table, and refuses the flag that asks for it (inet6_rtm_valid_getroute_req).
        header.append(number: (destination.isIPv6 ? 0 : lookupTable) | (wantsEntry ? match : 0))
        var request = NetlinkRequest(.route, type: 26, isDump: false, header: header)
        request.add(Route.Attribute.destination, destination.bytes)
        if let source { request.add(Route.Attribute.source, source.bytes) }
        if let inputDevice { request.add(Route.Attribute.inputInterface, number: inputDevice) }
        if let outputDevice { request.add(Route.Attribute.outputInterface, number: outputDevice) }
        if mark != 0 { request.add(Route.Attribute.mark, number: mark) }
        if let user { request.add(Route.Attribute.user, number: user) }
        if let flow {
            request.add(Route.Attribute.ipProtocol, number: flow.ipProtocol)
            request.add(Route.Attribute.sourcePort, number: flow.sourcePort.bigEndian)
            request.add(Route.Attribute.destinationPort, number: flow.destinationPort.bigEndian)
        }
        return request
    }

    public func element(_ message: NetlinkMessage) -> Route? { Route(message) }
}

/// `ip route show table all`: all routes of one family that cover an address, in the kernel's order. Others are left out
/// while the answer is read, since a router may have a million.
public struct CoveringRoutes: NetlinkQuestion {
    public let address: IPAddress

    public init(of address: IPAddress) {
        self.address = address
    }

    public static let subject = "routes"

    public var request: NetlinkRequest {
        let family: AddressFamily = address.isIPv6 ? .inet6 : .inet
        return NetlinkRequest(
            .route, type: 26, isDump: true, header: [family.rawValue] + [UInt8](repeating: 0, count: 11))
    }

    public func element(_ message: NetlinkMessage) -> Route? {
        // The destination alone is read first, since most routes are for others.
        guard Route.destination(message)?.contains(address) == true else { return nil }
        return Route(message)
    }
}
