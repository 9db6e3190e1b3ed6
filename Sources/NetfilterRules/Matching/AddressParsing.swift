import Protocols

/// Addresses of rule sets as numbers, the first byte on the wire highest.
enum AddressParsing {
    static func ipv4(_ text: some StringProtocol) -> UInt128? { IPv4Address(text).map { UInt128($0.bits) } }

    static func ipv6(_ text: some StringProtocol) -> UInt128? { IPv6Address(text)?.bits }

    static func ethernet(_ text: some StringProtocol) -> UInt128? { MACAddress(text).map { UInt128($0.bits) } }

    /// Parses a prefix length, or a mask in address form, into a mask of `bits` bits.
    static func mask(_ text: some StringProtocol, bits: Int) -> UInt128? {
        if let length = Int(text) {
            guard 0...bits ~= length else { return nil }
            return length == 0 ? 0 : (~UInt128(0) >> UInt128(128 - length)) << UInt128(bits - length)
        }
        return bits == 32 ? ipv4(text) : ipv6(text)
    }
}
