import Diagnosis

/// One line of `ss -Hlntu`: a socket that waits for packets.
struct ListeningSocket: Equatable {
    let transport: String
    /// For TCP listeners, connections that wait to be accepted; for UDP, bytes that wait to be read.
    let receiveQueue: Int
    /// For TCP listeners, the most that may wait.
    let sendQueue: Int
    /// "LISTEN", "SYN-RECV", "UNCONN", …
    let state: String
    /// "*" for all.
    let address: String
    let port: String
    /// Of the other end, "address:port".
    let peer: String
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
        address = Self.plain(parts[0])
        device = parts.count > 1 ? String(parts[1]) : nil
        port = String(words[4][words[4].index(after: colon)...])
        state = String(words[1])
        peer = Self.plain(words[5])
        users = words.dropFirst(6).first { $0.hasPrefix("users:") }.map { String($0) }
    }

    /// Without brackets, and IPv4 in a socket of both families as IPv4.
    private static func plain(_ address: some StringProtocol) -> String {
        let bare = String(address.filter { $0 != "[" && $0 != "]" })
        return bare.hasPrefix("::ffff:") && bare.contains(".") ? String(bare.dropFirst(7)) : bare
    }

    /// Takes packets that come by this device, as far as SO_BINDTODEVICE is concerned.
    func isBound(to incoming: Evidence.Device?) -> Bool { device == nil || device == incoming?.name }

    /// A packet to this destination may be the socket's. A socket of both families is shown with "*".
    func fits(_ evidence: Evidence) -> Bool {
        switch address {
        case "*": true
        case "0.0.0.0": !evidence.isIPv6
        case "::": evidence.isIPv6
        default: address == evidence.destinationAddress
        }
    }

    var isBoundToAll: Bool { ["*", "0.0.0.0", "::"].contains(address) }

    var description: String {
        let place = (address.contains(":") ? "[\(address)]" : address) + (device.map { "%\($0)" } ?? "")
        return "\(transport) \(place):\(port)" + (program.map { " of \($0)" } ?? "")
    }

    /// "nginx (pid 12)".
    var program: String? {
        guard let users, let name = users.split(separator: "\"").dropFirst().first, let process else { return nil }
        return "\(name) (pid \(process))"
    }

    /// The first process that has it open.
    var process: UInt32? { number(behind: "pid=") }

    /// What that process knows it by.
    var descriptor: Int32? { number(behind: "fd=") }

    private func number<Number: FixedWidthInteger>(behind word: String) -> Number? {
        guard let users, let start = users.firstRange(of: word)?.upperBound else { return nil }
        return Number(users[start...].prefix { $0.isNumber })
    }
}
