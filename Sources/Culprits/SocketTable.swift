import Diagnosis
import PacketDecoding

/// A socket with what ss says of its memory and its connection in further words.
struct SocketEntry {
    var socket: ListeningSocket
    /// What stands below the line of the socket, or behind it.
    var details: String

    /// What ss prints, each socket with the lines below it.
    static func all(in text: String, transport: String) -> [SocketEntry] {
        var entries: [SocketEntry] = []
        for line in text.split(separator: "\n") {
            if line.first?.isWhitespace != true, let socket = ListeningSocket("\(transport) \(line)") {
                entries.append(SocketEntry(socket: socket, details: String(line)))
            } else if !entries.isEmpty {
                entries[entries.count - 1].details += " " + line
            }
        }
        return entries
    }

    var memory: SocketMemory? { SocketMemory(details) }

    /// The value of a word like `bytes_received:120` of ss -i.
    func number(_ name: String) -> Int? {
        details.split { $0 == " " || $0 == "\t" }.first { $0.hasPrefix(name + ":") }
            .flatMap { Int($0.dropFirst(name.utf8.count + 1)) }
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

    /// All sockets on a port, connections too.
    func sockets(on port: UInt16, transport: String) throws(InspectionFailure) -> [SocketEntry] {
        let text = try output(of: ["ss", transport == "udp" ? "-Hnuapmi" : "-Hntapmi", "sport = :\(port)"])
        return SocketEntry.all(in: text, transport: transport)
    }

    /// The sockets that a received packet may be for: that of its connection, or those that wait for it, of which an own
    /// address counts more than all addresses (compute_score, net/ipv4/inet_hashtables.c).
    func receivers(of evidence: Evidence) throws(InspectionFailure) -> [SocketEntry] {
        guard let ports = evidence.ports, let transport = evidence.transport, transport != "sctp" else { return [] }
        return receivers(of: evidence, among: try sockets(on: ports.destination, transport: transport))
    }

    /// - Parameter all: the sockets on the port.
    func receivers(of evidence: Evidence, among all: [SocketEntry]) -> [SocketEntry] {
        let own = all.filter { $0.socket.isConnection(of: evidence) }
        guard own.isEmpty else { return own }
        let waiting = all.filter {
            ["LISTEN", "UNCONN"].contains($0.socket.state) && $0.socket.fits(evidence)
                && $0.socket.isBound(to: evidence.inDevice)
        }
        let exact = waiting.filter { !$0.socket.isBoundToAll }
        return exact.isEmpty ? waiting : exact
    }
}

extension ListeningSocket {
    /// Both ends are those of the packet.
    func isConnection(of evidence: Evidence) -> Bool {
        guard let ports = evidence.ports, let source = evidence.sourceAddress else { return false }
        return address == evidence.destinationAddress && peer == "\(source):\(ports.source)"
    }
}
