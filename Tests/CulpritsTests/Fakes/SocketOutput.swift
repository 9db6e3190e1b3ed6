import HostInspection
import Netlink

@testable import Culprits
import Protocols

/// Reads the output of ss(8) into the values that the kernel would have answered.
struct SocketOutput {
    private(set) var sockets: [InetSocket] = []
    private(set) var owners: [UInt64: SocketProcess] = [:]

    /// Lines of `ss -Hntuapmi`; indented lines belong to the socket above.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            if line.first?.isWhitespace != true, let socket = socket(String(line)) { sockets.append(socket) }
            guard !sockets.isEmpty else { continue }
            addDetails(String(line))
        }
    }

    private mutating func socket(_ line: String) -> InetSocket? {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 5, let state = Self.states[words[0]], let receive = UInt32(words[1]),
            let send = UInt32(words[2])
        else { return nil }
        let (local, port, device) = Self.end(words[3])
        let (peer, peerPort, _) = Self.end(words[4])
        guard let local, let peer else { return nil }
        var socket = InetSocket(state: state, local: local, localPort: port, peer: peer, peerPort: peerPort)
        (socket.receiveQueue, socket.sendQueue) = (receive, send)
        // ss(8) prints "*" for sockets of both families.
        socket.isIPv6Only = local.isIPv6 && !words[3].hasPrefix("*")
        socket.device = device.map(Devices.index) ?? 0
        return socket
    }

    private static let states: [String: InetSocket.State] = [
        "LISTEN": .listen, "ESTAB": .established, "SYN-RECV": .synReceived, "UNCONN": .close,
    ]

    private static func end(_ text: String) -> (IPAddress?, UInt16, device: String?) {
        guard let colon = text.lastIndex(of: ":") else { return (nil, 0, nil) }
        let port = UInt16(text[text.index(after: colon)...]) ?? 0
        let parts = text[..<colon].split(separator: "%").map { String($0.filter { !"[]".contains($0) }) }
        return (IPAddress(parts[0] == "*" ? "::" : parts[0]), port, parts.count > 1 ? parts[1] : nil)
    }

    private mutating func addDetails(_ line: String) {
        let last = sockets.count - 1
        for word in line.split(whereSeparator: \.isWhitespace) {
            let parts = word.split(separator: ":", maxSplits: 1)
            switch parts.first {
            case "users":
                let fields = parts[1].split(separator: "\"").last?.split(separator: ",") ?? []
                let numbers = fields.compactMap { UInt32($0.filter(\.isNumber)) }
                let name = String(parts[1].split(separator: "\"")[1])
                sockets[last].inode = Devices.index("\(name) \(numbers)")
                owners[UInt64(sockets[last].inode)] = SocketProcess(
                    name: name, process: numbers[0], descriptor: Int32(numbers[1]))
            case "skmem": sockets[last].memory = Self.memory(String(parts[1]))
            case "bytes_received": counters(last) { $0.bytesReceived = UInt64(parts[1]) ?? 0 }
            case "segs_in": counters(last) { $0.segmentsIn = UInt32(parts[1]) ?? 0 }
            case "md5keys":
                sockets[last].signedPeers = parts[1].split(separator: ",").compactMap { key in
                    IPPrefix(text: key.prefix { $0 != "=" })
                }
            default: continue
            }
        }
    }

    private mutating func counters(_ socket: Int, _ change: (inout TCPInformation) -> Void) {
        var counters = sockets[socket].tcp ?? TCPInformation(bytesReceived: 0, segmentsIn: 0)
        change(&counters)
        sockets[socket].tcp = counters
    }

    /// `(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d5)`
    private static func memory(_ text: String) -> SocketMemory? {
        var values: [String: Int] = [:]
        for field in text.dropFirst().dropLast().split(separator: ",") {
            let name = field.prefix { $0.isLetter }
            values[String(name)] = Int(field.dropFirst(name.count))
        }
        guard let used = values["r"], let limit = values["rb"] else { return nil }
        return SocketMemory(used: used, limit: limit, drops: values["d"] ?? 0)
    }
}
