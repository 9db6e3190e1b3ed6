import Diagnosis
import Netlink
import Protocols

/// A full queue of a listening TCP socket: that of connections to be accepted, or that of incomplete handshakes.
struct ListenQueueCulprit: CulpritFinder {
    static let causes: Set = ["accept-queue-full", "syn-queue-full"]
    static let witnessed = causes

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let ports = evidence.ports, evidence.transport == "tcp" else {
            return .unknown(because: "the packet's ports were not captured")
        }
        if evidence.unanswered != nil {
            guard try mayRefuse(ports.destination, namespace), let destination = evidence.destinationAddress,
                try namespace.kind(ofAddress: destination) == .local
            else { return .unknown(because: "no listener here refuses connections") }
        }
        let sockets = try namespace.sockets(on: ports.destination, transport: "tcp")
        let isTaken = sockets.contains { $0.isConnection(of: evidence) }
        guard evidence.unanswered == nil || !isTaken else {
            return .unknown(because: "the connection was taken")
        }
        let listeners = namespace.receivers(of: evidence, among: sockets).filter { $0.state == .listen }
        guard !listeners.isEmpty else {
            return .unknown(because: "no socket listens on tcp port \(ports.destination) by now")
        }
        let halfDone = sockets.count { $0.state == .synReceived && $0.fits(evidence) }
        // The kernel counts the packets that a listener refuses (tcp_listendrop, include/net/tcp.h): with a count of 0 it
        // refused none.
        let refusing = listeners.filter { evidence.hasTellingReason || ($0.memory?.drops ?? 0) > 0 }
        let culprits = refusing.compactMap { listener in
            cause == "accept-queue-full"
                ? acceptQueue(listener, namespace) : handshakes(listener, halfDone, evidence, namespace)
        }
        guard culprits.count == listeners.count else {
            let first = listeners[0]
            return .unknown(
                because: cause == "accept-queue-full"
                    ? "only \(first.receiveQueue) connections wait by now, of \(first.sendQueue) that may"
                    : "only \(halfDone) handshakes are half done by now")
        }
        return culprits.count == 1
            ? .found(culprits[0]) : .oneOf(culprits, because: "the connection's hash decides between them")
    }

    /// Whether to list all connections of the port with their processes, which is slow on a busy server: only if a listener has
    /// refused packets, and its queue is full or SYN cookies are off.
    private func mayRefuse(_ port: UInt16, _ namespace: any NamespaceView) throws(InspectionFailure) -> Bool {
        let hasCookies = namespace.sysctl("net/ipv4/tcp_syncookies") != "0"
        return try namespace.inetSockets("tcp", on: port, areWaiting: true).contains { listener in
            (listener.memory?.drops ?? 0) > 0 && (!hasCookies || listener.receiveQueue > listener.sendQueue)
        }
    }

    /// Returns nil if the queue has room.
    private func acceptQueue(_ listener: ListeningSocket, _ namespace: any NamespaceView) -> Culprit? {
        // include/net/sock.h, sk_acceptq_is_full: one connection more than the backlog may wait.
        guard listener.receiveQueue > listener.sendQueue else { return nil }
        var details = ["\(listener.receiveQueue) connections wait to be accepted; the backlog is \(listener.sendQueue)"]
        let program = listener.program ?? "the program"
        var remedy = Cause.Step(
            command: nil,
            note: "let \(program) accept faster, or ask for a larger backlog than \(listener.sendQueue) (listen)")
        if let limit = namespace.sysctl("net/core/somaxconn") {
            details.append("net.core.somaxconn, the most that listen(2) grants, is \(limit)")
            // listen(2) may have cut the requested backlog to this limit.
            if let most = Int(limit), listener.sendQueue >= most {
                remedy = Cause.Step(
                    command: "sysctl -w net/core/somaxconn=\(max(most * 4, 4096))",
                    note: "then restart the program: the limit is taken at listen()")
            }
        }
        return culprit(listener, details, remedy)
    }

    /// Returns nil if the queue has room (net/ipv4/tcp_input.c, tcp_conn_request).
    private func handshakes(
        _ listener: ListeningSocket, _ halfDone: Int, _ evidence: Evidence, _ namespace: any NamespaceView
    ) -> Culprit? {
        guard let cookies = namespace.sysctl("net/ipv4/tcp_syncookies"), cookies == "0" else { return nil }
        let backlog = listener.sendQueue
        if halfDone >= backlog {
            return culprit(
                listener,
                [
                    "\(halfDone) handshakes are half done; the backlog is \(backlog)",
                    "net.ipv4.tcp_syncookies = 0: none can be answered without a place in the queue",
                ], Self.cookies)
        }
        // The last quarter is reserved for peers that have connected before.
        guard let limit = namespace.sysctl("net/ipv4/tcp_max_syn_backlog").flatMap({ Int($0) }),
            limit - halfDone < limit >> 2
        else { return nil }
        return culprit(
            listener,
            [
                "\(halfDone) handshakes are half done; net.ipv4.tcp_max_syn_backlog is \(limit)",
                "net.ipv4.tcp_syncookies = 0: none can be answered without a place in the queue",
            ], Self.cookies)
    }

    private static let cookies = Cause.Step(
        command: "sysctl -w net/ipv4/tcp_syncookies=1", note: "answer without keeping state when the queue is full")

    private func culprit(_ listener: ListeningSocket, _ details: [String], _ remedy: Cause.Step) -> Culprit {
        var details = details
        if let memory = listener.memory, memory.drops > 0 {
            details.append("it has refused \(memory.drops) packets since it was opened")
        }
        return Culprit(
            kind: "socket", name: listener.description, details: details,
            values: ["limit": String(listener.sendQueue)], remedies: [remedy])
    }
}
