import Diagnosis

/// A socket in one line of `ss -Hlntu`.
struct ListeningSocket: Equatable {
    let transport: String
    /// For TCP listeners, the number of connections that wait to be accepted; for UDP, bytes to be read.
    let receiveQueue: Int
    /// For TCP listeners, the maximum number of connections that may wait.
    let sendQueue: Int
    /// "LISTEN", "SYN-RECV", "UNCONN", …
    let state: String
    /// "*" for all addresses.
    let address: String
    let port: String
    /// The remote end, as "address:port".
    let peer: String
    /// Name of the device to which the socket is bound; nil if it is not bound.
    let device: String?
    /// `users:(("nginx",pid=12,fd=6))` as ss prints it.
    let users: String?

    /// Parses "Netid State Recv-Q Send-Q Local:Port Peer:Port [users]". Returns nil for other lines.
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

    /// Removes brackets and the prefix of IPv4-mapped addresses.
    private static func plain(_ address: some StringProtocol) -> String {
        let bare = String(address.filter { $0 != "[" && $0 != "]" })
        return bare.hasPrefix("::ffff:") && bare.contains(".") ? String(bare.dropFirst(7)) : bare
    }

    /// Whether SO_BINDTODEVICE lets the socket receive packets from this device.
    func isBound(to incoming: Evidence.Device?) -> Bool { device == nil || device == incoming?.name }

    /// Whether the packet's destination is an address of the socket. ss prints "*" for a socket of both families.
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

    /// Name and process, such as "nginx (pid 12)".
    var program: String? {
        guard let users, let name = users.split(separator: "\"").dropFirst().first, let process else { return nil }
        return "\(name) (pid \(process))"
    }

    /// The first process that has the socket open.
    var process: UInt32? { number(behind: "pid=") }

    /// The socket's file descriptor in that process.
    var descriptor: Int32? { number(behind: "fd=") }

    private func number<Number: FixedWidthInteger>(behind word: String) -> Number? {
        guard let users, let start = users.firstRange(of: word)?.upperBound else { return nil }
        return Number(users[start...].prefix { $0.isNumber })
    }
}
