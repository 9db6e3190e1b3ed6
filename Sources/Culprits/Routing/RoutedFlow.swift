import Diagnosis
import Netlink
import Protocols

/// The fields of a packet that routing looks at: of a lost packet, or of the answer to a received one.
struct RoutedFlow {
    var source: String?
    var destination: String?
    var isIPv6: Bool
    /// The receiving device; nil if this machine makes the packet.
    var inDevice: String?
    /// The given output device, such as the VRF by which a request came.
    var outDevice: String?
    /// nil if not known.
    var mark: UInt32?
    var transport: String?
    var ports: Ports?
    /// Whether the source address was known before the route lookup.
    var isSourceGiven: Bool

    init(_ evidence: Evidence) {
        source = evidence.sourceAddress
        destination = evidence.destinationAddress
        isIPv6 = evidence.isIPv6
        inDevice = evidence.inDevice?.name
        mark = evidence.mark
        transport = evidence.transport
        ports = evidence.ports
        isSourceGiven = evidence.inDevice != nil
    }

    /// The answer to a received packet: inet_csk_route_req (net/ipv4/inet_connection_sock.c), icmp_reply (net/ipv4/icmp.c). Its
    /// mark is not known, since a listening socket may set one.
    init(answerTo evidence: Evidence, vrf: String?) {
        source = evidence.destinationAddress
        destination = evidence.sourceAddress
        isIPv6 = evidence.isIPv6
        outDevice = vrf
        mark = nil
        transport = evidence.transport
        ports = evidence.ports?.reversed
        isSourceGiven = true
    }
}

extension NamespaceView {
    /// The kernel's route for this very packet: policy rules and the choice among several next hops depend on source, device,
    /// mark and ports. If the kernel refuses such a query, the route to the packet's destination.
    func route(of flow: RoutedFlow) throws(InspectionFailure) -> RouteAnswer? {
        guard let destination = flow.destination else { return nil }
        if let query = try query(for: flow), let route = try route(for: query) { return route }
        return try route(to: destination)
    }

    /// nil if an address was not captured, or a device is gone.
    private func query(for flow: RoutedFlow) throws(InspectionFailure) -> RouteQuery? {
        guard let destination = flow.destination.flatMap({ IPAddress($0) }) else { return nil }
        var query = RouteQuery(to: destination)
        if let source = flow.source, flow.isSourceGiven { query.source = IPAddress(source) }
        if let device = flow.inDevice {
            guard let index = try deviceIndex(device) else { return nil }
            query.inputDevice = index
        }
        if let device = flow.outDevice {
            guard let index = try deviceIndex(device) else { return nil }
            query.outputDevice = index
        }
        query.mark = flow.mark ?? 0
        if let ports = flow.ports, let number = ["tcp": IPProtocol.tcp, "udp": IPProtocol.udp][flow.transport ?? ""] {
            query.flow = RouteQuery.Flow(
                ipProtocol: number, sourcePort: ports.source, destinationPort: ports.destination)
        }
        return query
    }
}
