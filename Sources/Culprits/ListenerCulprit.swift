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
        // Without the kernel's word for it: a connection's packets need no listener.
        if !evidence.hasTellingReason, let all = try? namespace.sockets(on: ports.destination, transport: transport),
            all.contains(where: { $0.socket.isConnection(of: evidence) })
        {
            return .unknown(because: "the packet's connection is there")
        }
        let listeners = try namespace.listeners(on: ports.destination, transport: transport)
        let place = "\(transport) \(destination) port \(ports.destination)"
        guard let other = listeners.first else {
            return .found(
                Culprit(
                    kind: "socket", name: "no socket for \(place)",
                    details: ["nothing in this network namespace listens on \(transport) port \(ports.destination)"]))
        }
        if let fitting = listeners.first(where: { $0.fits(evidence) && $0.isBound(to: evidence.inDevice) }) {
            return .unknown(
                because:
                    "\(fitting.description) listens there by now; it may have started since, or the connection is over")
        }
        return .found(
            Culprit(
                kind: "socket", name: "no socket for \(place)",
                details: listeners.map { listener in
                    listener.address == "::" && !evidence.isIPv6
                        ? "\(listener.description) takes IPv6 only (IPV6_V6ONLY)"
                        : "\(listener.description) listens on another address or device"
                },
                values: ["service": other.program ?? other.description]))
    }
}
