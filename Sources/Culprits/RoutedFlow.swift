import Diagnosis
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
        var command = ["ip", "-j", "route", "get", destination]
        if let source = flow.source, flow.isSourceGiven { command += ["from", source] }
        if let device = flow.inDevice { command += ["iif", device] }
        if let device = flow.outDevice { command += ["oif", device] }
        if let mark = flow.mark, mark != 0 { command += ["mark", String(mark)] }
        // Of protocols with ports the kernel accepts only these two (net/ipv4/netlink.c, rtm_getroute_parse_ip_proto).
        if let transport = flow.transport, ["tcp", "udp"].contains(transport), let ports = flow.ports {
            command += ["ipproto", transport, "sport", String(ports.source), "dport", String(ports.destination)]
        }
        if let text = try? output(of: command) {
            return try decode([RouteAnswer].self, from: text, of: command).first
        }
        return try route(to: destination)
    }
}
