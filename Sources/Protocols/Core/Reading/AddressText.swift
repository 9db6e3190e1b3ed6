import Text

// The text of addresses as strings. Module Text is their only printer.

extension MACAddress {
    /// Six pairs of hexadecimal digits.
    public var text: String { addressText { $0.appendMAC(bits) } }
}

extension IPv4Address {
    /// Dotted decimal.
    public var text: String { addressText { $0.appendIPv4(bits) } }
}

extension IPv6Address {
    /// The canonical form of RFC 5952, as inet_ntop(3) has it.
    public var text: String { addressText { $0.appendIPv6(high: high, low: low) } }
}

extension IPAddress {
    public var text: String {
        switch self {
        case .ipv4(let address): address.text
        case .ipv6(let address): address.text
        }
    }
}

private func addressText(_ append: (inout ByteBuffer) -> Void) -> String {
    // INET6_ADDRSTRLEN: the longest text of an address, with its end.
    var buffer = ByteBuffer(capacity: 46)
    append(&buffer)
    return buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
}
