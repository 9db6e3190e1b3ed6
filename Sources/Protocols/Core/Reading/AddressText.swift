// The text of addresses, for all but the lines of events, which Rendering writes without memory of their own.

extension MACAddress {
    /// Six pairs of hexadecimal digits.
    public var text: String {
        var line = TextLine()
        for shift in stride(from: UInt64(40), through: 0, by: -8) {
            line.appendHex(bits >> shift & 0xff, digits: 2)
            if shift > 0 { line.append(":") }
        }
        return line.text
    }
}

extension IPv4Address {
    /// Dotted decimal.
    public var text: String {
        [24, 16, 8, 0].map { String(bits >> UInt32($0) & 0xff) }.joined(separator: ".")
    }
}

extension IPv6Address {
    /// The canonical form of RFC 5952, as inet_ntop(3) has it: the first of the longest runs of at least two zero groups
    /// is "::", IPv4-mapped addresses have dots.
    public var text: String {
        if high == 0, low >> 32 == 0xffff {
            return "::ffff:" + IPv4Address(bits: UInt32(truncatingIfNeeded: low)).text
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
        var gap = 0..<0
        var start = 0
        for end in 1...8 where end == 8 || groups[end] != 0 || groups[start] != 0 {
            // A run of zeros ends, or none has begun.
            if groups[start] == 0, end - start > max(1, gap.count) { gap = start..<end }
            start = end
        }
        guard !gap.isEmpty else { return Self.text(groups[...]) }
        return Self.text(groups[..<gap.lowerBound]) + "::" + Self.text(groups[gap.upperBound...])
    }

    private static func text(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
}

extension IPAddress {
    public var text: String {
        switch self {
        case .ipv4(let address): address.text
        case .ipv6(let address): address.text
        }
    }
}
