import Diagnosis
import PacketDecoding

/// What routing sees of a packet: of a lost one, or of the answer to one that was received.
struct RoutedFlow {
    var source: String?
    var destination: String?
    var isIPv6: Bool
    /// The device by which it comes; nil: it is made here.
    var inDevice: String?
    /// The device that is given for its output, such as the VRF of a question.
    var outDevice: String?
    /// nil: not known.
    var mark: UInt32?
    var transport: String?
    var ports: Ports?
    /// The source address does not come from this very lookup.
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

    /// The answer to a received packet: inet_csk_route_req (net/ipv4/inet_connection_sock.c), icmp_reply
    /// (net/ipv4/icmp.c). A listening socket may give it a mark.
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
    /// The route that the kernel takes for this very packet: policy rules and the choice among several next hops look at
    /// its source, device, mark and ports. Where it cannot be asked so, the route to its destination.
    func route(of flow: RoutedFlow) throws(InspectionFailure) -> RouteAnswer? {
        guard let destination = flow.destination else { return nil }
        var command = ["ip", "-j", "route", "get", destination]
        if let source = flow.source, flow.isSourceGiven { command += ["from", source] }
        if let device = flow.inDevice { command += ["iif", device] }
        if let device = flow.outDevice { command += ["oif", device] }
        if let mark = flow.mark, mark != 0 { command += ["mark", String(mark)] }
        // net/ipv4/fib_semantics.c, rtm_getroute_parse_ip_proto, knows no others.
        if let transport = flow.transport, ["tcp", "udp"].contains(transport), let ports = flow.ports {
            command += ["ipproto", transport, "sport", String(ports.source), "dport", String(ports.destination)]
        }
        if let text = try? output(of: command) {
            return try decode([RouteAnswer].self, from: text, of: command).first
        }
        return try route(to: destination)
    }
}
