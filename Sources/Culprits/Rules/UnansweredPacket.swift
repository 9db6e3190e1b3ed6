import Diagnosis
import Netlink
import Protocols

/// A received packet for a local address whose sender has no route: tcp_conn_request (net/ipv4/tcp_input.c), icmp_reply
/// (net/ipv4/icmp.c) and icmpv6_echo_reply then send nothing and report no reason.
struct UnansweredPacket {
    /// The answer as routing sees it.
    let answer: RoutedFlow
    /// Values for the placeholders of advice, which concerns the answer.
    let values: [String: String]
    /// A route back by the router from which the packet came.
    let remedies: [Cause.Step]

    /// Throws the reason if the packet proves nothing.
    init(_ evidence: Evidence, in namespace: any NamespaceView) throws(InspectionFailure) {
        guard let unanswered = evidence.unanswered ?? evidence.packet.flatMap({ UnansweredRequest($0) }),
            unanswered == .tcpSyn || unanswered == .echoRequest,
            let source = evidence.sourceAddress, let destination = evidence.destinationAddress
        else { throw InspectionFailure("the packet demands no answer by a route") }
        guard source != destination, !IPAddress.isLoopback(source) else {
            throw InspectionFailure("the packet comes from this machine itself")
        }
        // Link-local addresses have a route on each device. The VRF is looked up later, since that takes one more
        // command.
        guard !evidence.isLinkLocal, try !namespace.hasRoute(for: RoutedFlow(answerTo: evidence, vrf: nil)) else {
            throw InspectionFailure("the answer has a route")
        }
        let vrf = evidence.inDevice.flatMap { namespace.vrf(of: $0.name) }
        answer = RoutedFlow(answerTo: evidence, vrf: vrf)
        let isRouted = vrf == nil ? false : try namespace.hasRoute(for: answer)
        guard !isRouted else { throw InspectionFailure("the answer has a route") }
        guard try namespace.kind(ofAddress: destination, vrf: vrf) == .local else {
            throw InspectionFailure("\(destination) is no address of this namespace")
        }
        if unanswered == .tcpSyn {
            let receivers = try namespace.receivers(of: evidence)
            // The kernel counts the packets that a listener refused (tcp_listendrop, include/net/tcp.h).
            guard receivers.contains(where: { $0.state == .listen && ($0.memory?.drops ?? 0) > 0 }) else {
                throw InspectionFailure("no listener has refused the connection")
            }
        }
        var values = ["daddr": source, "saddr": destination]
        values["outdev"] = evidence.inDevice?.name
        values["nexthop"] = try Self.neighbour(of: evidence, in: namespace)
        self.values = values
        remedies = [
            Cause.Step(
                command: "ip route add {daddr} via {nexthop} dev {outdev}",
                note: "the missing route, if the answer is to go back where the packet came from")
        ]
    }

    /// Address of the machine that sent the frame; nil if it is not known, or is the packet's source.
    private static func neighbour(
        of evidence: Evidence, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> String? {
        guard let device = evidence.inDevice?.name, let frame = evidence.frame else { return nil }
        let address = try namespace.neighbours(on: device).first {
            LinkAddress.text($0.linkAddress) == frame.source.text && $0.address?.isIPv6 == evidence.isIPv6
        }?.address?.text
        return address == evidence.sourceAddress ? nil : address
    }
}

extension Evidence {
    /// Whether the source is in fe80::/10.
    fileprivate var isLinkLocal: Bool {
        isIPv6 && sourceAddress.map(IPAddress.isLinkLocal) ?? true
    }
}

extension NamespaceView {
    fileprivate func hasRoute(for flow: RoutedFlow) throws(InspectionFailure) -> Bool {
        guard let destination = flow.destination, let source = flow.source else { return true }
        return try route(to: destination, from: source, outDevice: flow.outDevice) != nil
    }
}
