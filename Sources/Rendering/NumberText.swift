private let zero = UInt8(ascii: "0")

extension ByteBuffer {
    mutating func appendDecimal(_ value: some BinaryInteger) {
        appendDecimal(UInt64(truncatingIfNeeded: value), width: 1)
    }

    mutating func appendSigned(_ value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDecimal(value.magnitude, width: 1)
    }

    /// Decimal with leading zeros up to `width` digits.
    mutating func appendDecimal(_ value: UInt64, width: Int) {
        let size = max(digitCount(value), width)
        append(upTo: size) { end in
            var rest = value
            var index = size
            while index > 0 {
                index -= 1
                end[index] = zero + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            return size
        }
    }

    /// A number from 0 on, rounded to one decimal; too large a one becomes the largest that there is.
    mutating func appendTenths(_ value: Double) { appendFixed(value, decimals: 1) }

    /// With three decimals.
    mutating func appendThousandths(_ value: Double) { appendFixed(value, decimals: 3) }

    private mutating func appendFixed(_ value: Double, decimals: Int) {
        let unit: UInt64 = decimals == 1 ? 10 : 1000
        let scaled = UInt64(exactly: (value * Double(unit)).rounded()) ?? (value > 0 ? .max : 0)
        appendDecimal(scaled / unit)
        append(UInt8(ascii: "."))
        appendDecimal(scaled % unit, width: decimals)
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

/// Decimal digits of a value; four at a time, since most values are short.
private func digitCount(_ value: UInt64) -> Int {
    var rest = value
    var count = 1
    while rest >= 10_000 {
        rest /= 10_000
        count += 4
    }
    if rest >= 1000 { return count + 3 }
    if rest >= 100 { return count + 2 }
    return rest >= 10 ? count + 1 : count
}

/// The lower-case digit of a value from 0 to 15.
func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? zero + nibble : UInt8(ascii: "a") - 10 + nibble
}
