import Protocols

extension IPAddress {
    /// Reads hexadecimal digits as /proc prints them: 8 for IPv4, 32 for IPv6, with or without a leading "0x".
    init?(digits text: some StringProtocol) {
        let digits = text.hasPrefix("0x") ? text.dropFirst(2)[...] : text[...]
        let count = digits.utf8.count
        guard count == 8 || count == 32, digits.allSatisfy(\.isHexDigit), let bits = UInt128(digits, radix: 16) else {
            return nil
        }
        self.init(bits: bits, isIPv6: count == 32)
    }

    /// Whether a text is an address of 224.0.0.0/4 or ff00::/8.
    static func isMulticast(_ text: String) -> Bool { IPAddress(text)?.isMulticast ?? false }

    /// Whether a text is an address of fe80::/10.
    static func isLinkLocal(_ text: String) -> Bool { IPAddress(text)?.isLinkLocal ?? false }

    /// Whether a text is an address of 127.0.0.0/8 or ::1.
    static func isLoopback(_ text: String) -> Bool { IPAddress(text)?.isLoopback ?? false }
}
