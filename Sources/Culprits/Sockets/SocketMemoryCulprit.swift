import Diagnosis
import Netlink
import Protocols

/// The memory limit that all sockets of a protocol share, its use, and the socket of this namespace that uses most.
struct SocketMemoryCulprit: CulpritFinder {
    static let causes: Set = ["socket-memory"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let transport = evidence.transport, transport != "sctp",
            let text = namespace.sysctl("net/ipv4/\(transport)_mem"),
            let used = namespace.file("sockstat").flatMap({ pages(of: transport, in: $0) })
        else { return .none }
        let limits = text.split { $0 == " " || $0 == "\t" }.compactMap { Int($0) }
        guard limits.count == 3 else { return .none }
        guard used >= limits[2] else {
            return .unknown(
                because: "\(transport) holds \(used) of \(limits[2]) pages by now; "
                    + "or the limit is that of the socket's control group (memory.max)")
        }
        var details = ["all \(transport) sockets together hold \(used) pages"]
        if let (socket, bytes) = try greediest(transport, namespace) {
            details.append("in this network namespace \(socket.description) holds most: \(bytes) bytes")
        }
        return .found(
            Culprit(
                kind: "sysctl", name: "net.ipv4.\(transport)_mem = \(limits.map(String.init).joined(separator: " "))",
                details: details,
                values: [
                    "sysctl": "net.ipv4.\(transport)_mem",
                    "limit": limits.map { String(max($0, used) * 2) }.joined(separator: " "),
                ]))
    }

    /// Pages from a line such as `UDP: inuse 3 mem 260` of /proc/net/sockstat, which counts all network namespaces and
    /// both families.
    private func pages(of transport: String, in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(transport.uppercased() + ":") }
        return line?.split(separator: " ").word(after: "mem").flatMap { Int($0) }
    }

    private func greediest(
        _ transport: String, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> (ListeningSocket, Int)? {
        let sockets = try namespace.inetSockets(transport)
        guard let most = sockets.max(by: { ($0.memory?.used ?? 0) < ($1.memory?.used ?? 0) }),
            let memory = most.memory, let socket = namespace.named([most], transport).first
        else { return nil }
        return (socket, memory.used)
    }
}
