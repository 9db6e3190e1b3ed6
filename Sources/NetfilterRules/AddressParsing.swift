/// Parses addresses as rule sets spell them, without the C library: this module is pure.
enum AddressParsing {
    /// Parses dotted decimal with four parts.
    static func ipv4(_ text: some StringProtocol) -> UInt128? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt128 = 0
        for part in parts {
            guard let byte = UInt8(part) else { return nil }
            address = address << 8 | UInt128(byte)
        }
        return address
    }

    /// Parses RFC 4291, section 2.2, with `::` and with an IPv4 address at the end.
    static func ipv6(_ text: some StringProtocol) -> UInt128? {
        var text = String(text)
        if text.contains("."), let colon = text.lastIndex(of: ":") {
            guard let tail = ipv4(text[text.index(after: colon)...]) else { return nil }
            text = text[...colon] + String(tail >> 16, radix: 16) + ":" + String(tail & 0xffff, radix: 16)
        }
        let pieces = groups(text)
        guard pieces.count <= 2, let head = pieces.first.flatMap(words) else { return nil }
        if pieces.count == 1 {
            return head.count == 8 ? joined(head) : nil
        }
        guard let tail = words(pieces[1]), head.count + tail.count < 8 else { return nil }
        return joined(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    /// Parses six bytes in hexadecimal with colons.
    static func ethernet(_ text: some StringProtocol) -> UInt128? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        var address: UInt128 = 0
        for part in parts {
            guard let byte = UInt8(part, radix: 16) else { return nil }
            address = address << 8 | UInt128(byte)
        }
        return address
    }

    /// Parses a prefix length, or a mask in address form, into a mask of `bits` bits.
    static func mask(_ text: some StringProtocol, bits: Int) -> UInt128? {
        if let length = Int(text) {
            guard 0...bits ~= length else { return nil }
            return length == 0 ? 0 : (~UInt128(0) >> UInt128(128 - length)) << UInt128(bits - length)
        }
        return bits == 32 ? ipv4(text) : ipv6(text)
    }

    /// Splits the text at `::`.
    private static func groups(_ text: String) -> [Substring] {
        var characters = Substring(text)
        var found: [Substring] = []
        var start = characters.startIndex
        while let index = characters.firstIndex(of: ":") {
            let following = characters.index(after: index)
            guard following < characters.endIndex else { break }
            if characters[following] == ":" {
                found.append(text[start..<index])
                start = text.index(after: following)
                characters = text[start...]
            } else {
                characters = text[following...]
            }
        }
        return found + [text[start...]]
    }

    private static func words(_ text: Substring) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var words: [UInt16] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            guard part.utf8.count <= 4, let word = UInt16(part, radix: 16) else { return nil }
            words.append(word)
        }
        return words
    }

    private static func joined(_ words: [UInt16]) -> UInt128 {
        words.reduce(0) { $0 << 16 | UInt128($1) }
    }
}
