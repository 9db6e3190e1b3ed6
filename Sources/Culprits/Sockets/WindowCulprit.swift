import Diagnosis
import Netlink
import Protocols

/// A TCP segment outside the window of its connection.
struct WindowCulprit: CulpritFinder {
    static let causes: Set = ["tcp-out-of-window"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard case .tcp(let header)? = evidence.packet?.headers.transport, let source = evidence.sourceAddress,
            let destination = evidence.destinationAddress
        else { return .unknown(because: "the packet's TCP header was not captured") }
        let name =
            "connection \(source) port \(header.ports.source) -> \(destination) port \(header.ports.destination)"
        let sequence = header.sequence.map { ["the segment has the sequence number \($0)"] } ?? []
        let place = evidence.inDevice.map { ["it came by \($0.name)"] } ?? []
        if evidence.hasTellingReason {
            return .found(Culprit(kind: "packet", name: name, details: sequence + place))
        }
        // Data that had already arrived would be included in the bytes received by the connection.
        guard let length = header.dataLength, length > 0,
            let connection = try namespace.receivers(of: evidence).first(where: { $0.isConnection(of: evidence) }),
            let counters = connection.socket.tcp, counters.segmentsIn > 0
        else { return .unknown(because: "the packet does not show it by itself: \(name)") }
        let received = Int(clamping: counters.bytesReceived)
        guard received < length else {
            return .unknown(because: "the connection has received \(received) bytes, and these may be among them")
        }
        return .found(
            Culprit(
                kind: "packet", name: name,
                details: sequence + [
                    "it carries \(length) bytes, and the connection has received but \(received) in all: no repeated data"
                ] + place))
    }
}
