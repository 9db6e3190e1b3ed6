extension ByteBuffer {
    @inlinable @inline(__always)
    public mutating func appendDecimal(_ value: some BinaryInteger) {
        appendDecimal(UInt64(truncatingIfNeeded: value), width: 1)
    }

    /// With a comma between groups of three digits: `4,512`.
    public mutating func appendGrouped(_ value: UInt64) {
        guard value >= 1000 else { return appendDecimal(value, width: 1) }
        appendGrouped(value / 1000)
        append(UInt8(ascii: ","))
        appendDecimal(value % 1000, width: 3)
    }

    public mutating func appendSigned(_ value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDecimal(value.magnitude, width: 1)
    }

    /// Decimal with leading zeros up to `width` digits.
    @inlinable
    public mutating func appendDecimal(_ value: UInt64, width: Int) {
        if value < 10_000, width <= 4 {
            appendDigits(fourDecimalDigits(value), of: 4, width: width)
        } else if value < 100_000_000, width <= 8 {
            appendDigits(eightDecimalDigits(value), of: 8, width: width)
        } else {
            let (high, low) = value.quotientAndRemainder(dividingBy: 100_000_000)
            appendDecimal(high, width: max(1, width - 8))
            appendDigits(eightDecimalDigits(low), of: 8, width: 8)
        }
    }

    /// - Parameters:
    ///   - digits: a digit per byte, the first one lowest.
    ///   - count: how many there are.
    ///   - width: how many to show at least, leading zeros included: 1 to `count`.
    @inlinable @inline(__always)
    mutating func appendDigits(_ digits: UInt64, of count: Int, width: Int) {
        let hidden = min(digits.trailingZeroBitCount >> 3, count &- width)
        append((digits &+ zeros) &>> UInt64(truncatingIfNeeded: hidden &<< 3), size: count &- hidden)
    }

    /// A number from 0 on, rounded to one decimal; too large a one becomes the largest that there is.
    public mutating func appendTenths(_ value: Double) { appendFixed(value, decimals: 1) }

    /// With three decimals.
    public mutating func appendThousandths(_ value: Double) { appendFixed(value, decimals: 3) }

    private mutating func appendFixed(_ value: Double, decimals: Int) {
        let unit: UInt64 = decimals == 1 ? 10 : 1000
        let scaled = UInt64(exactly: (value * Double(unit)).rounded()) ?? (value > 0 ? .max : 0)
        appendDecimal(scaled / unit)
        append(UInt8(ascii: "."))
        appendDecimal(scaled % unit, width: decimals)
    }

    /// Lower-case hexadecimal without prefix, with leading zeros up to `width` digits, which is 1 to 16.
    @inlinable
    public mutating func appendHex(_ value: UInt64, width: Int = 1) {
        let size = max(width, (67 - value.leadingZeroBitCount) / 4)
        if size > 8 {
            appendHexDigits(UInt32(truncatingIfNeeded: value >> 32), size: size - 8)
        }
        appendHexDigits(UInt32(truncatingIfNeeded: value), size: min(size, 8))
    }

    /// The last `size` of eight digits.
    @inlinable @inline(__always)
    mutating func appendHexDigits(_ value: UInt32, size: Int) {
        append(eightHexDigits(value) &>> UInt64(truncatingIfNeeded: (8 &- size) &<< 3), size: size)
    }
}

/// "0" in each byte.
@inlinable @inline(__always)
var zeros: UInt64 { 0x3030_3030_3030_3030 }

// Eight digits at once, a byte each: a number is halved three times, with the parts side by side in one word. The divisions
// by 100 and by 10 are multiplications by 10486 / 2^20 and 103 / 2^10, which are exact for parts below 10000 and below 100.

/// The digits of a value below 100,000,000: from the first, lowest, to the last; 0 to 9 each.
@inlinable @inline(__always)
func eightDecimalDigits(_ value: UInt64) -> UInt64 {
    let (high, low) = value.quotientAndRemainder(dividingBy: 10_000)
    return fourDecimalDigits(high | low << 32)
}

/// The digits of each half of a word, which are below 10,000.
@inlinable @inline(__always)
func fourDecimalDigits(_ fours: UInt64) -> UInt64 {
    let hundreds = (fours &* 10_486) >> 20 & 0x0000_007f_0000_007f
    let twos = hundreds | (fours &- hundreds &* 100) << 16
    let tens = (twos &* 103) >> 10 & 0x000f_000f_000f_000f
    return tens | (twos &- tens &* 10) << 8
}

/// The digits as text, the first one lowest.
@inlinable @inline(__always)
func eightHexDigits(_ value: UInt32) -> UInt64 {
    var digits = UInt64(value)
    digits = (digits | digits << 16) & 0x0000_ffff_0000_ffff
    digits = (digits | digits << 8) & 0x00ff_00ff_00ff_00ff
    digits = (digits | digits << 4) & 0x0f0f_0f0f_0f0f_0f0f
    // 10 and more are letters, which come 39 places after the digits.
    let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return (digits &+ zeros &+ letters &* 39).byteSwapped
}

/// The lower-case digit of a value from 0 to 15.
func hexDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble
}
