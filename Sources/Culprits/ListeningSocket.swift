import Diagnosis

/// One line of `ss -Hlntu`: a socket that waits for packets.
struct ListeningSocket: Equatable {
    let transport: String
    /// For TCP listeners, connections that wait to be accepted; for UDP, bytes that wait to be read.
    let receiveQueue: Int
    /// For TCP listeners, the most that may wait.
    let sendQueue: Int
    /// "*" for all.
    let address: String
    let port: String
    /// "eth0" where the socket is bound to a device.
    let device: String?
    /// `users:(("nginx",pid=12,fd=6))` as ss prints it.
    let users: String?

    /// Netid State Recv-Q Send-Q Local:Port Peer:Port [users]. nil for other lines.
    init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count >= 6, let receive = Int(words[2]), let send = Int(words[3]),
            let colon = words[4].lastIndex(of: ":")
        else { return nil }
        transport = String(words[0])
        receiveQueue = receive
        sendQueue = send
        let parts = words[4][..<colon].split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        address = String(parts[0].filter { $0 != "[" && $0 != "]" })
        device = parts.count > 1 ? String(parts[1]) : nil
        port = String(words[4][words[4].index(after: colon)...])
        users = words.dropFirst(6).first { $0.hasPrefix("users:") }.map { String($0) }
    }

    var isBoundToAll: Bool { ["*", "0.0.0.0", "::"].contains(address) }

    var description: String {
        let place = (address.contains(":") ? "[\(address)]" : address) + (device.map { "%\($0)" } ?? "")
        return "\(transport) \(place):\(port)" + (program.map { " of \($0)" } ?? "")
    }

    /// "nginx (pid 12)".
    var program: String? {
        guard let users, let name = users.split(separator: "\"").dropFirst().first,
            let start = users.firstRange(of: "pid=")?.upperBound
        else { return nil }
        return "\(name) (pid \(users[start...].prefix { $0.isNumber }))"
    }
}

extension NamespaceView {
    /// Sockets that listen on a port, on whatever address.
    func listeners(on port: UInt16, transport: String) throws(InspectionFailure) -> [ListeningSocket] {
        let option = transport == "udp" ? "-Hlnup" : "-Hlntp"
        // With one protocol chosen ss leaves its name out.
        return try output(of: ["ss", option, "sport = :\(port)"]).split(separator: "\n").compactMap { line in
            ListeningSocket("\(transport) \(line)")
        }
    }
}
