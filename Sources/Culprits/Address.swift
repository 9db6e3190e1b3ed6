import Glibc

/// Conversion of addresses between text and bytes.
enum Address {
    /// 4 or 16 bytes; nil if the text is not an address.
    static func bytes(of address: String) -> [UInt8]? {
        let isIPv6 = address.contains(":")
        var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
        return inet_pton(isIPv6 ? AF_INET6 : AF_INET, address, &bytes) == 1 ? bytes : nil
    }

    /// 224.0.0.0/4 or ff00::/8.
    static func isMulticast(_ address: String) -> Bool {
        guard let bytes = bytes(of: address) else { return false }
        return bytes.count == 4 ? bytes[0] >> 4 == 0xe : bytes[0] == 0xff
    }

    /// Reads hexadecimal digits as /proc prints them: 8 for IPv4, 32 for IPv6, with or without a leading "0x".
    static func text(_ digits: some StringProtocol) -> String? {
        var digits = Array(digits.utf8)
        if digits.starts(with: "0x".utf8) { digits.removeFirst(2) }
        guard digits.count == 8 || digits.count == 32 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[start..<start + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return text(ofBytes: bytes)
    }

    /// The canonical form of RFC 5952, from inet_ntop(3); nil if the conversion fails.
    static func text(ofBytes bytes: [UInt8]) -> String? {
        var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &characters, socklen_t(characters.count)) != nil else { return nil }
        return String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
