/// Protocols that ports announce besides those of the table: `tcp.8888=http`.
public struct PortAssignments: Sendable {
    /// Places in `ProtocolTable.all`.
    private var places: [ProtocolNumber: Int] = [:]

    public init() {}

    var isEmpty: Bool { places.isEmpty }

    public struct InvalidAssignment: Error, CustomStringConvertible {
        public let description: String
    }

    /// Adds an assignment. The last one of a port counts.
    public mutating func add(_ text: String) throws(InvalidAssignment) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        let port = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, port.count == 2, let number = UInt16(port[1]), number > 0,
            port[0] == "tcp" || port[0] == "udp"
        else {
            throw InvalidAssignment(
                description: "'\(text)': an assignment has a port and a protocol, such as tcp.8888=http")
        }
        let place = ProtocolTable.place(named: String(parts[1]))
        guard let place, ProtocolTable.all[place].base == .walked else {
            throw InvalidAssignment(
                description: place == nil
                    ? "'\(text)': there is no protocol '\(parts[1])'"
                    : "'\(text)': \(parts[1]) is not found by a port")
        }
        if port[0] == "tcp" {
            places[.tcpPort(number)] = place
        } else {
            places[.udpPort(number)] = place
            places[.udpDestination(number)] = place
        }
    }

    subscript(_ number: ProtocolNumber) -> Int? { places[number] }
}
