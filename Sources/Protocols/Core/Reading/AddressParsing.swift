// The only reader of addresses as text. It accepts and refuses the same as inet_pton(3), and for link addresses one
// or two digits for each byte.

extension IPv4Address {
    /// Four decimal numbers without leading zeros.
    public init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard part.count == 1 || part.first != UInt8(ascii: "0"),
                let byte = number(part, radix: 10, digits: 3), byte <= 0xff
            else { return nil }
            bits = bits << 8 | byte
        }
        self.init(bits: bits)
    }
}

extension IPv6Address {
    /// RFC 4291, section 2.2, with `::` and with an IPv4 address at the end.
    public init?(_ text: some StringProtocol) {
        var groups: [UInt16] = []
        var gap: Int?
        var parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)[...]
        // "::" at an end leaves two empty parts, inside one.
        if parts.first?.isEmpty == true {
            parts = parts.dropFirst()
            guard parts.first?.isEmpty == true, parts.count > 1 else { return nil }
        }
        if parts.last?.isEmpty == true {
            parts = parts.dropLast()
            guard parts.last?.isEmpty == true else { return nil }
        }
        for (index, part) in zip(parts.indices, parts) {
            if part.isEmpty {
                guard gap == nil else { return nil }
                gap = groups.count
            } else if index == parts.indices.last, part.contains(UInt8(ascii: ".")) {
                guard let tail = IPv4Address(String(decoding: part, as: UTF8.self)) else { return nil }
                groups += [UInt16(tail.bits >> 16), UInt16(tail.bits & 0xffff)]
            } else {
                guard let group = number(part, radix: 16, digits: 4) else { return nil }
                groups.append(UInt16(group))
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: Array(repeating: 0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        self.init(bits: groups.reduce(0) { $0 << 16 | UInt128($1) })
    }
}

extension MACAddress {
    /// Six bytes in hexadecimal with colons.
    public init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        var bits: UInt64 = 0
        for part in parts {
            guard let byte = number(part, radix: 16, digits: 2) else { return nil }
            bits = bits << 8 | UInt64(byte)
        }
        self.init(bits: bits)
    }
}

extension IPAddress {
    public init?(_ text: some StringProtocol) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let address = IPv6Address(text) else { return nil }
            self = .ipv6(address)
        } else {
            guard let address = IPv4Address(text) else { return nil }
            self = .ipv4(address)
        }
    }
}

/// Digits without a sign, at most `digits` of them.
private func number(_ text: some Collection<UInt8>, radix: UInt32, digits: Int) -> UInt32? {
    guard !text.isEmpty, text.count <= digits else { return nil }
    var value: UInt32 = 0
    for byte in text {
        guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < radix else { return nil }
        value = value * radix + UInt32(digit)
    }
    return value
}
