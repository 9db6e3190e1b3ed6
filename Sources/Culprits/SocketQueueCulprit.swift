import Diagnosis
import PacketDecoding

/// A queue of a socket is full: which socket, how much is in it, and how much it may hold.
struct SocketQueueCulprit: CulpritFinder {
    static let causes: Set = ["accept-queue-full", "receive-buffer-full"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let ports = evidence.ports, let transport = evidence.transport, transport != "sctp" else {
            return .unknown(because: "the packet's ports were not captured")
        }
        return cause == "accept-queue-full"
            ? try acceptQueue(ports.destination, evidence, namespace)
            : try receiveBuffer(ports.destination, transport, evidence, namespace)
    }

    private func acceptQueue(
        _ port: UInt16, _ evidence: Evidence, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let listeners = try namespace.listeners(on: port, transport: "tcp").filter { $0.fits(evidence) }
        guard listeners.count == 1, let listener = listeners.first else {
            return .unknown(because: "\(listeners.count) sockets listen on tcp port \(port) by now")
        }
        // net/core/sock.c, sk_acceptq_is_full: one more than the backlog may wait.
        guard listener.receiveQueue > listener.sendQueue else {
            return .unknown(
                because: "only \(listener.receiveQueue) connections wait by now, of \(listener.sendQueue) that may")
        }
        var details = ["\(listener.receiveQueue) connections wait to be accepted; the backlog is \(listener.sendQueue)"]
        if let limit = namespace.sysctl("net/core/somaxconn") {
            details.append("net.core.somaxconn, the most that listen(2) grants, is \(limit)")
        }
        return .found(
            Culprit(
                kind: "socket", name: listener.description, details: details,
                values: ["limit": String(listener.sendQueue), "service": listener.program ?? listener.description]))
    }

    private func receiveBuffer(
        _ port: UInt16, _ transport: String, _ evidence: Evidence, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard transport == "udp" else { return .none }
        let text = try namespace.output(of: ["ss", "-Hanupm", "sport = :\(port)"])
        var sockets: [(ListeningSocket, SocketMemory)] = []
        var last: ListeningSocket?
        // The memory stands on a line of its own, or at the end of the socket's.
        for line in text.split(separator: "\n") {
            if let socket = ListeningSocket("udp \(line)") { last = socket }
            guard let memory = SocketMemory(line), let socket = last, socket.fits(evidence) else { continue }
            sockets.append((socket, memory))
            last = nil
        }
        guard sockets.count == 1, let (socket, memory) = sockets.first else {
            return .unknown(because: "\(sockets.count) sockets receive on udp port \(port) by now")
        }
        // Packets that a filter or a policy refuses end at the same place (udp_queue_rcv_one_skb, net/ipv4/udp.c).
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
                values: ["limit": String(memory.limit), "service": socket.program ?? socket.description]))
    }
}

/// `skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d5)` of ss -m: bytes of kernel memory.
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
}

extension Evidence {
    /// The function that charges a socket's memory said so: -ENOMEM.
    fileprivate var wasRefusedForMemory: Bool {
        returns.contains {
            ["__udp_enqueue_schedule_skb", "__sock_queue_rcv_skb"].contains($0.tracer) && $0.number == -12
        }
    }
}

extension ListeningSocket {
    /// A packet to this destination may be the socket's.
    func fits(_ evidence: Evidence) -> Bool {
        isBoundToAll || address == evidence.destinationAddress
    }
}
