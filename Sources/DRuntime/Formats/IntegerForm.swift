import DLanguage
import Text

/// A number in the notation of a conversion: sign or prefix, zeros, digits.
struct IntegerForm {
    private let conversion: Format.Conversion
    private let sign: StaticString
    private let digits: [UInt8]
    private let precision: Int?

    init(_ number: Datum.Integer, _ conversion: Format.Conversion) {
        self.conversion = conversion
        if case .fixed(let precision) = conversion.precision { self.precision = precision } else { precision = nil }
        let flags = conversion.flags
        switch conversion.kind {
        case .octal:
            sign = flags.contains(.alternate) && number.pattern != 0 ? "0" : ""
            digits = Self.digits(of: number.pattern, radix: 8)
        case .hexadecimal, .upperHexadecimal:
            let isUpper = conversion.kind == .upperHexadecimal
            sign = !flags.contains(.alternate) || number.pattern == 0 ? "" : isUpper ? "0X" : "0x"
            digits = Self.digits(of: number.pattern, radix: 16, isUpper: isUpper)
        case .pointer:
            sign = "0x"
            digits = Self.digits(of: number.pattern, radix: 16)
        case .unsignedDecimal:
            sign = ""
            digits = Self.grouped(Self.digits(of: number.pattern, radix: 10), conversion)
        default:
            sign = number.isNegative ? "-" : flags.contains(.plus) ? "+" : flags.contains(.space) ? " " : ""
            digits = Self.grouped(Self.digits(of: number.magnitude, radix: 10), conversion)
        }
    }

    private static func digits(of number: UInt64, radix: UInt64, isUpper: Bool = false) -> [UInt8] {
        var digits: [UInt8] = []
        var rest = number
        repeat {
            let digit = UInt8(rest % radix)
            digits.append(digit < 10 ? 0x30 + digit : (isUpper ? 0x41 : 0x61) - 10 + digit)
            rest /= radix
        } while rest > 0
        return digits.reversed()
    }

    private static func grouped(_ digits: [UInt8], _ conversion: Format.Conversion) -> [UInt8] {
        guard conversion.flags.contains(.grouped), digits.count > 3 else { return digits }
        var result: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(UInt8(ascii: ",")) }
            result.append(digit)
        }
        return result
    }

    func write(to buffer: inout ByteBuffer) {
        var zeros = max(0, (precision ?? 0) - digits.count)
        var room = conversion.fixedWidth - sign.utf8CodeUnitCount - zeros - digits.count
        let isLeft = conversion.flags.contains(.left)
        // As in printf(3), a precision ends the flag 0.
        if conversion.flags.contains(.zero), !isLeft, precision == nil, room > 0 {
            zeros += room
            room = 0
        }
        if !isLeft { buffer.appendSpaces(room) }
        if sign.utf8CodeUnitCount > 0 { buffer.append(sign) }
        buffer.appendRepeated(UInt8(ascii: "0"), zeros)
        buffer.append(contentsOf: digits)
        if isLeft { buffer.appendSpaces(room) }
    }
}
