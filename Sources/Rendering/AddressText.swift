import Protocols

extension ByteBuffer {
    /// Dotted decimal.
    mutating func append(_ address: IPv4Address) {
        // The four octets side by side, the last one lowest. The divisions are multiplications, exact up to 255 and 99.
        var octets = UInt64(address.bits)
        octets = (octets | octets << 16) & 0x0000_ffff_0000_ffff
        octets = (octets | octets << 8) & 0x00ff_00ff_00ff_00ff
        let hundreds = (octets &* 41) >> 12 & 0x0003_0003_0003_0003
        let rests = octets &- hundreds &* 100
        let tens = (rests &* 103) >> 10 & 0x000f_000f_000f_000f
        let ones = rests &- tens &* 10
        // In each lane three digits, a nibble each.
        let digits = hundreds | tens << 4 | ones << 8
        appendOctet(digits >> 48, isLast: false)
        appendOctet(digits >> 32 & 0xffff, isLast: false)
        appendOctet(digits >> 16 & 0xffff, isLast: false)
        appendOctet(digits & 0xffff, isLast: true)
    }

    /// - Parameters:
    ///   - digits: three of them, a nibble each, the first one lowest.
    ///   - isLast: no dot follows.
    @inline(__always)
    private mutating func appendOctet(_ digits: UInt64, isLast: Bool) {
        let hidden = min(digits.trailingZeroBitCount >> 2, 2)
        // A dot and three times "0".
        let text = 0x2e30_3030 | digits & 0xf | (digits & 0xf0) << 4 | (digits & 0xf00) << 8
        append(text &>> UInt64(truncatingIfNeeded: hidden &<< 3), size: (isLast ? 3 : 4) &- hidden)
    }

    /// The canonical text of RFC 5952: lower case, no leading zeros, the longest run of at least two zero groups
    /// (the first of equals) as "::", IPv4-mapped addresses with dots.
    mutating func append(_ address: IPv6Address) {
        if address.high == 0, address.low >> 32 == 0xffff {
            append("::ffff:")
            append(IPv4Address(bits: UInt32(truncatingIfNeeded: address.low)))
            return
        }
        let gap = address.longestZeroRun
        var index = 0
        while index < 8 {
            if index == gap.start {
                append("::")
                index += gap.count
                continue
            }
            if index > 0, index != gap.start + gap.count {
                append(UInt8(ascii: ":"))
            }
            appendHex(address.group(index))
            index += 1
        }
    }

    /// Six pairs of hexadecimal digits with colons.
    mutating func append(_ address: MACAddress) {
        let high = eightHexDigits(UInt32(truncatingIfNeeded: address.bits >> 16))
        for shift in stride(from: UInt64(0), to: 64, by: 16) { appendPair(high &>> shift, isLast: false) }
        let low = eightHexDigits(UInt32(truncatingIfNeeded: address.bits) & 0xffff)
        appendPair(low >> 32, isLast: false)
        appendPair(low >> 48, isLast: true)
    }

    /// The two characters that are lowest, and a colon unless they are the last ones.
    @inline(__always)
    private mutating func appendPair(_ text: UInt64, isLast: Bool) {
        append(text & 0xffff | UInt64(UInt8(ascii: ":")) << 16, size: isLast ? 2 : 3)
    }
}

extension IPv6Address {
    /// Group 0 to 7 of 16 bits.
    fileprivate func group(_ index: Int) -> UInt64 {
        (index < 4 ? high : low) >> UInt64(48 - 16 * (index & 3)) & 0xffff
    }

    /// One bit per group that is zero, the first one lowest.
    private var zeroGroups: UInt8 {
        var zeros: UInt8 = 0
        for index in 0..<8 where group(index) == 0 { zeros |= 1 << UInt8(index) }
        return zeros
    }

    /// `start` is -2 if no run is long enough, so that no group's neighbour matches it.
    fileprivate var longestZeroRun: (start: Int, count: Int) {
        // Where runs of at least `count` zeros start.
        var starts = zeroGroups
        var count = 1
        while starts & (starts >> 1) != 0 {
            starts &= starts >> 1
            count += 1
        }
        return count > 1 ? (starts.trailingZeroBitCount, count) : (-2, 0)
    }
}
