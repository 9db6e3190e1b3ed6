/// Digits and letters, indexed by value.
private let zero = UInt8(ascii: "0")

extension ByteBuffer {
    mutating func appendDecimal(_ value: some BinaryInteger) {
        appendDecimal(UInt64(truncatingIfNeeded: value), width: 1)
    }

    /// Decimal with leading zeros up to `width` digits, at most 20.
    mutating func appendDecimal(_ value: UInt64, width: Int) {
        var digits = 1
        var bound: UInt64 = 10
        while value >= bound, digits < 20 {
            digits += 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            bound = overflow ? .max : next
        }
        if value == .max {
            digits = 20
        }
        let size = max(digits, width)
        append(upTo: size) { end in
            var rest = value
            var index = size
            while index > 0 {
                index -= 1
                let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
                end[index] = zero + UInt8(truncatingIfNeeded: remainder)
                rest = quotient
            }
            return size
        }
    }

    /// Lower-case hexadecimal without prefix, with leading zeros up to `width` digits.
    mutating func appendHex(_ value: UInt64, width: Int = 1) {
        let size = max(width, (67 - value.leadingZeroBitCount) / 4)
        append(upTo: size) { end in
            var rest = value
            var index = size
            while index > 0 {
                index -= 1
                end[index] = hexDigit(UInt8(truncatingIfNeeded: rest & 0xf))
                rest >>= 4
            }
            return size
        }
    }
}

/// The lower-case digit of a value from 0 to 15.
func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? zero + nibble : UInt8(ascii: "a") - 10 + nibble
}
