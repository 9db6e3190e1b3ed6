import PacketDecoding

extension ByteBuffer {
    /// Dotted decimal.
    mutating func append(_ address: IPv4Address) {
        append(upTo: 15) { end in
            var count = 0
            for shift in stride(from: 24, through: 0, by: -8) {
                if shift != 24 {
                    end[count] = UInt8(ascii: ".")
                    count += 1
                }
                let byte = UInt8(truncatingIfNeeded: address.bits >> UInt32(shift))
                if byte >= 100 {
                    end[count] = UInt8(ascii: "0") + byte / 100
                    count += 1
                }
                if byte >= 10 {
                    end[count] = UInt8(ascii: "0") + byte / 10 % 10
                    count += 1
                }
                end[count] = UInt8(ascii: "0") + byte % 10
                count += 1
            }
            return count
        }
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
        for shift in stride(from: 40, through: 0, by: -8) {
            if shift != 40 {
                append(UInt8(ascii: ":"))
            }
            appendHex(address.bits >> UInt64(shift) & 0xff, width: 2)
        }
    }
}

extension IPv6Address {
    /// Group 0 to 7 of 16 bits.
    fileprivate func group(_ index: Int) -> UInt64 {
        (index < 4 ? high : low) >> UInt64(48 - 16 * (index & 3)) & 0xffff
    }

    /// `start` is -2 if no run is long enough, so that no group's neighbour matches it.
    fileprivate var longestZeroRun: (start: Int, count: Int) {
        var best = (start: -2, count: 1)
        var index = 0
        while index < 8 {
            let start = index
            while index < 8, group(index) == 0 {
                index += 1
            }
            if index - start > best.count {
                best = (start, index - start)
            }
            index += 1
        }
        return best.count > 1 ? best : (-2, 0)
    }
}
