import Diagnosis
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
        let text = try namespace.output(of: ["ss", "-Hanupm", "sport = :\(port)"])
        let sockets = SocketMemory.sockets(in: text, transport: "udp").filter { $0.0.fits(evidence) }
        guard sockets.count == 1, let (socket, memory) = sockets.first else {
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

/// `skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d5)` of `ss -m`: bytes of kernel memory.
struct SocketMemory: Equatable {
    let used: Int
    let limit: Int
    let drops: Int

    init?(_ line: some StringProtocol) {
        guard let start = line.firstRange(of: "skmem:(")?.upperBound else { return nil }
        var values: [String: Int] = [:]
        for field in line[start...].prefix(while: { $0 != ")" }).split(separator: ",") {
            let name = field.prefix { $0.isLetter }
            values[String(name)] = Int(field.dropFirst(name.count))
        }
        guard let used = values["r"], let limit = values["rb"] else { return nil }
        self.used = used
        self.limit = limit
        drops = values["d"] ?? 0
    }

    /// Parses the output of `ss -Hanm` for one transport. The memory follows on a line of its own, or at the end of the
    /// socket's line.
    static func sockets(in text: String, transport: String) -> [(ListeningSocket, SocketMemory)] {
        var sockets: [(ListeningSocket, SocketMemory)] = []
        var last: ListeningSocket?
        for line in text.split(separator: "\n") {
            if let socket = ListeningSocket("\(transport) \(line)") { last = socket }
            guard let memory = SocketMemory(line), let socket = last else { continue }
            sockets.append((socket, memory))
            last = nil
        }
        return sockets
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
