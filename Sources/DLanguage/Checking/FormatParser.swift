/// A format's text → pieces. Conversions get their arguments afterwards.
struct FormatParser {
    struct RawConversion {
        var flags: Format.Conversion.Flags = []
        var width: Number?
        var precision: Number?
        var isAggregation = false
        var size = ""
        var letter: UInt8 = 0
        var spelling = ""
    }

    enum Number {
        case fixed(Int)
        case argument
    }

    enum Piece {
        case text([UInt8])
        case conversion(RawConversion)
    }

    static func pieces(_ format: [UInt8], at position: SourcePosition) throws(Diagnostic) -> [Piece] {
        var pieces: [Piece] = []
        var text: [UInt8] = []
        var at = 0
        while at < format.count {
            guard format[at] == UInt8(ascii: "%") else {
                text.append(format[at])
                at += 1
                continue
            }
            if at + 1 < format.count, format[at + 1] == UInt8(ascii: "%") {
                text.append(UInt8(ascii: "%"))
                at += 2
                continue
            }
            if !text.isEmpty { pieces.append(.text(text)) }
            text = []
            pieces.append(.conversion(try conversion(format, &at, position)))
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        return pieces
    }

    private static let flags: [UInt8: Format.Conversion.Flags] = [
        UInt8(ascii: "-"): .left, UInt8(ascii: "+"): .plus, UInt8(ascii: " "): .space, UInt8(ascii: "0"): .zero,
        UInt8(ascii: "#"): .alternate, UInt8(ascii: "'"): .grouped,
    ]

    private static func conversion(
        _ format: [UInt8], _ at: inout Int, _ position: SourcePosition
    ) throws(Diagnostic) -> RawConversion {
        let start = at
        var conversion = RawConversion()
        func peek(_ at: Int) -> UInt8 { at < format.count ? format[at] : 0 }
        at += 1
        while true {
            let byte = peek(at)
            if let flag = flags[byte], conversion.width == nil {
                conversion.flags.insert(flag)
                at += 1
            } else if byte == UInt8(ascii: "@") {
                conversion.isAggregation = true
                at += 1
            } else if conversion.width == nil, byte == UInt8(ascii: "*") || Byte.isDigit(byte) {
                conversion.width = try number(format, &at, position)
            } else {
                break
            }
        }
        if peek(at) == UInt8(ascii: ".") {
            at += 1
            conversion.precision =
                peek(at) == UInt8(ascii: "*") || Byte.isDigit(peek(at)) ? try number(format, &at, position) : .fixed(0)
        }
        if peek(at) == UInt8(ascii: "@") {
            conversion.isAggregation = true
            at += 1
        }
        while "hlLwjzt".utf8.contains(peek(at)) {
            conversion.size += String(Character(UnicodeScalar(peek(at))))
            at += 1
        }
        conversion.letter = peek(at)
        at += 1
        conversion.spelling = String(decoding: format[start..<min(at, format.count)], as: UTF8.self)
        guard Self.letters.utf8.contains(conversion.letter), conversion.letter != 0 else {
            throw Diagnostic(
                at > format.count
                    ? "the format ends within '\(conversion.spelling)'" : "'\(conversion.spelling)' is no conversion",
                at: position,
                advice: at > format.count
                    ? "%% prints a percent sign" : "conversions: d i u o x X c C s S p a A k Y T e f g %%",
                tag: .init("PRINTF_FMT"))
        }
        return conversion
    }

    private static let letters = "aAcCdDeEfgGhikoOpPsSTuUxXYy"

    private static func number(
        _ format: [UInt8], _ at: inout Int, _ position: SourcePosition
    ) throws(Diagnostic) -> Number {
        if format[at] == UInt8(ascii: "*") {
            at += 1
            return .argument
        }
        var value = 0
        while at < format.count, Byte.isDigit(format[at]) {
            value = value * 10 + Int(format[at] - 48)
            guard value <= 4096 else { throw Diagnostic("a width is at most 4096", at: position) }
            at += 1
        }
        return .fixed(value)
    }

    /// The meaning for a value of this type; nil if the letter does not take it.
    static func kind(_ letter: UInt8, _ type: DType) -> Format.Conversion.Kind? {
        let integer = type.integer
        let isText = type.isText || type.isCharacters
        switch letter {
        case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "D"):
            return integer.map { $0.isSigned ? .signedDecimal : .unsignedDecimal }
        case UInt8(ascii: "u"), UInt8(ascii: "U"): return integer.map { _ in .unsignedDecimal }
        case UInt8(ascii: "o"), UInt8(ascii: "O"): return integer.map { _ in .octal }
        case UInt8(ascii: "x"): return integer.map { _ in .hexadecimal }
        case UInt8(ascii: "X"): return integer.map { _ in .upperHexadecimal }
        case UInt8(ascii: "c"): return integer.map { _ in .character }
        case UInt8(ascii: "C"): return integer.map { _ in .escapedCharacter }
        case UInt8(ascii: "s"): return isText || isSymbol(type) ? .text : nil
        case UInt8(ascii: "S"): return isText ? .escapedText : nil
        case UInt8(ascii: "p"), UInt8(ascii: "P"): return type.isScalar || isSymbol(type) ? .pointer : nil
        case UInt8(ascii: "a"): return type.isScalar || isSymbol(type) ? .symbol : nil
        case UInt8(ascii: "A"): return type.isScalar ? .userSymbol : nil
        case UInt8(ascii: "k"): if case .stack = type { return .stack } else { return nil }
        case UInt8(ascii: "Y"), UInt8(ascii: "y"): return integer.map { _ in .date }
        case UInt8(ascii: "T"): return integer.map { _ in .timeOfDay }
        default: return nil
        }
    }

    private static func isSymbol(_ type: DType) -> Bool {
        if case .symbol = type { true } else { false }
    }
}
