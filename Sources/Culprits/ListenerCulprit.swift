import Diagnosis
import PacketDecoding

/// Nobody listens there: who listens on the same port, but elsewhere.
struct ListenerCulprit: CulpritFinder {
    static let causes: Set = ["no-listener"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let ports = evidence.ports, let transport = evidence.transport, transport != "sctp",
            let destination = evidence.destinationAddress
        else { return .none }
        let listeners = try namespace.listeners(on: ports.destination, transport: transport)
        let place = "\(transport) \(destination) port \(ports.destination)"
        guard let other = listeners.first else {
            return .found(
                Culprit(
                    kind: "socket", name: "no socket for \(place)",
                    details: ["nothing in this network namespace listens on \(transport) port \(ports.destination)"]))
        }
        if let fitting = listeners.first(where: { $0.address == destination || $0.isBoundToAll && $0.device == nil }) {
            return .unknown(
                because:
                    "\(fitting.description) listens there by now; it may have started since, or the connection is over")
        }
        return .found(
            Culprit(
                kind: "socket", name: "no socket for \(place)",
                details: listeners.map { "\($0.description) listens on another address or device" },
                values: ["service": other.program ?? other.description]))
    }
}
