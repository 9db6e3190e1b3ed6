/// The destination of a line of `ip route show`.
struct Prefix {
    /// "unicast" if the line names no type.
    let type: String
    /// Prefix length in bits.
    let length: Int
    /// The whole line.
    let text: String

    private let bytes: [UInt8]
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
            bytes = []
            length = 0
            return
        }
        let parts = destination.split(separator: "/")
        guard let address = Address.bytes(of: String(parts[0])) else { return nil }
        bytes = address
        length = parts.count > 1 ? Int(parts[1]) ?? address.count * 8 : address.count * 8
        guard length <= address.count * 8 else { return nil }
    }

    func contains(_ address: String) -> Bool {
        guard length > 0 else { return true }
        guard let other = Address.bytes(of: address), other.count == bytes.count else { return false }
        let whole = length / 8
        guard other[..<whole] == bytes[..<whole] else { return false }
        let rest = length % 8
        return rest == 0 || (other[whole] ^ bytes[whole]) >> UInt8(8 - rest) == 0
    }
}
