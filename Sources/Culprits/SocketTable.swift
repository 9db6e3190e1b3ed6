import Diagnosis
import Protocols

/// A socket with the memory and connection details that ss prints.
struct SocketEntry {
    var socket: ListeningSocket
    /// Text after the socket's fields, on the same line or the lines that follow.
    var details: String

    /// Parses the output of ss; indented lines belong to the socket above.
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

    /// The value of a word such as `bytes_received:120` of `ss -i`.
    func number(_ name: String) -> Int? {
        details.split { $0 == " " || $0 == "\t" }.first { $0.hasPrefix(name + ":") }
            .flatMap { Int($0.dropFirst(name.utf8.count + 1)) }
    }
}

extension NamespaceView {
    /// Sockets that listen on a port, on any address.
    func listeners(on port: UInt16, transport: String) throws(InspectionFailure) -> [ListeningSocket] {
        let option = transport == "udp" ? "-Hlnup" : "-Hlntp"
        // ss leaves out the protocol's name if only one is selected.
        return try output(of: ["ss", option, "sport = :\(port)"]).split(separator: "\n").compactMap { line in
            ListeningSocket("\(transport) \(line)")
        }
    }

    /// All sockets on a port, including connections.
    func sockets(on port: UInt16, transport: String) throws(InspectionFailure) -> [SocketEntry] {
        let text = try output(of: ["ss", transport == "udp" ? "-Hnuapmi" : "-Hntapmi", "sport = :\(port)"])
        return SocketEntry.all(in: text, transport: transport)
    }

    /// The sockets that may receive a packet: that of its connection, otherwise those that wait for packets. A socket bound to
    /// the packet's address takes precedence over one bound to all addresses (compute_score, net/ipv4/inet_hashtables.c).
    func receivers(of evidence: Evidence) throws(InspectionFailure) -> [SocketEntry] {
        guard let ports = evidence.ports, let transport = evidence.transport, transport != "sctp" else { return [] }
        return receivers(of: evidence, among: try sockets(on: ports.destination, transport: transport))
    }

    /// - Parameter all: all sockets on the port.
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
    /// Whether both ends are those of the packet.
    func isConnection(of evidence: Evidence) -> Bool {
        guard let ports = evidence.ports, let source = evidence.sourceAddress else { return false }
        return address == evidence.destinationAddress && peer == "\(source):\(ports.source)"
    }
}
