import Protocols

/// The destination of a line of `ip route show`.
struct Prefix {
    /// "unicast" if the line names no type.
    let type: String
    /// Prefix length in bits.
    let length: Int
    /// The whole line.
    let text: String

    /// nil for all addresses of both versions of IP.
    private let network: IPAddress?
    private static let types: Set = [
        "unicast", "local", "broadcast", "multicast", "anycast", "throw", "unreachable", "prohibit", "blackhole", "nat",
    ]

    /// Returns nil if the line has no destination that can be parsed.
    init?(route line: String) {
        var words = line.split(separator: " ")
        guard let first = words.first else { return nil }
        if Self.types.contains(String(first)) {
            type = String(first)
            words.removeFirst()
        } else {
            type = "unicast"
        }
        guard let destination = words.first else { return nil }
        text = line
        if destination == "default" {
            network = nil
            length = 0
            return
        }
        let parts = destination.split(separator: "/")
        guard let address = IPAddress(parts[0]) else { return nil }
        network = address
        length = parts.count > 1 ? Int(parts[1]) ?? address.width : address.width
        guard 0...address.width ~= length else { return nil }
    }

    func contains(_ address: String) -> Bool {
        guard length > 0, let network else { return true }
        return IPAddress(address)?.isIn(network, length: length) ?? false
    }
}
