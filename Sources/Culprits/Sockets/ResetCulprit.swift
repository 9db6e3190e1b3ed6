import Diagnosis
import Netlink
import Protocols

/// The sender of a TCP reset, and the reason that the form of the reset shows.
struct ResetCulprit: CulpritFinder {
    static let causes: Set = ["tcp-reset"]
    static let witnessed = causes

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard case .tcp(let header)? = evidence.packet?.headers.transport, header.flags?.contains(.rst) == true,
            let source = evidence.sourceAddress, let destination = evidence.destinationAddress
        else { return .unknown(because: "the reset was not captured") }
        // The packet may only be forwarded here.
        if evidence.unanswered != nil {
            guard try namespace.kind(ofAddress: destination) == .local else {
                return .unknown(because: "\(destination) is no address of this namespace")
            }
        }
        return .found(
            Culprit(
                kind: "peer", name: "\(source) port \(header.ports.source)",
                details: ["it ends the connection of \(destination) port \(header.ports.destination)", meaning(header)])
        )
    }

    /// tcp_v4_send_reset (net/ipv4/tcp_ipv4.c) and tcp_send_active_reset (net/ipv4/tcp_output.c); other systems follow RFC
    /// 9293, too.
    private func meaning(_ header: TCPHeader) -> String {
        guard header.flags?.contains(.ack) == true else {
            return "it answers a segment of a connection that the peer, or a box in between, does not know (any more)"
        }
        return header.sequence == 0
            ? "it refuses a connection: nothing listens there, or a firewall in between rejects"
            : "the peer has given the connection up: closed with data unread, aborted, or timed out"
    }
}
