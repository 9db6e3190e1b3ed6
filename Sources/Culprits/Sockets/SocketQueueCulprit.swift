import Diagnosis
import Netlink
import Protocols

/// The socket whose receive buffer is full, with its use and its limit.
struct SocketQueueCulprit: CulpritFinder {
    static let causes: Set = ["receive-buffer-full"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let ports = evidence.ports, let transport = evidence.transport, transport != "sctp" else {
            return .unknown(because: "the packet's ports were not captured")
        }
        return try receiveBuffer(ports.destination, transport, evidence, namespace)
    }

    private func receiveBuffer(
        _ port: UInt16, _ transport: String, _ evidence: Evidence, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard transport == "udp" else { return .none }
        let sockets = try namespace.sockets(on: port, transport: "udp").filter { $0.fits(evidence) }
        guard sockets.count == 1, let socket = sockets.first, let memory = socket.memory else {
            return .unknown(because: "\(sockets.count) sockets receive on udp port \(port) by now")
        }
        // Packets refused by a filter or a policy are freed in the same function (udp_queue_rcv_one_skb, net/ipv4/udp.c).
        guard
            evidence.hasTellingReason || evidence.wasRefusedForMemory
                || memory.used + Int(evidence.length) > memory.limit
        else { return .unknown(because: "the buffer holds \(memory.used) of \(memory.limit) bytes by now") }
        return .found(
            Culprit(
                kind: "socket", name: socket.description,
                details: [
                    "its receive buffer holds \(memory.limit) bytes (kernel memory), of which \(memory.used) are in use now",
                    "it has dropped \(memory.drops) packets since it was opened",
                ],
                values: ["limit": String(memory.limit)]))
    }
}

extension Evidence {
    /// The function that charges a socket's memory returned -ENOMEM.
    fileprivate var wasRefusedForMemory: Bool {
        returns.contains {
            ["__udp_enqueue_schedule_skb", "__sock_queue_rcv_skb"].contains($0.tracer) && $0.number == -12
        }
    }
}
