import DLanguage
import DRuntime

/// A format as the language makes it of a text and its arguments.
func format(_ text: String, _ values: [Datum] = []) throws -> Format {
    var pieces: [Format.Piece] = []
    var rest = Array(text.utf8)[...]
    var argument = 0
    var aggregation = 0
    func number() -> Format.Conversion.Number? {
        if rest.first == UInt8(ascii: "*") {
            rest.removeFirst()
            defer { argument += 1 }
            return .argument(argument)
        }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        return Int(String(decoding: digits, as: UTF8.self)).map { .fixed($0) }
    }
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%"), rest.first != byte else {
            if byte == UInt8(ascii: "%") { rest.removeFirst() }
            pieces.append(.text([byte]))
            continue
        }
        var conversion = Format.Conversion(kind: .text, argument: 0)
        if rest.first == UInt8(ascii: "@") {
            rest.removeFirst()
            conversion.isAggregation = true
        }
        let flags: [Character: Format.Conversion.Flags] = [
            "-": .left, "+": .plus, " ": .space, "0": .zero, "#": .alternate, "'": .grouped,
        ]
        while let next = rest.first, let flag = flags[Character(UnicodeScalar(next))] {
            conversion.flags.insert(flag)
            rest.removeFirst()
        }
        conversion.width = number()
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            conversion.precision = number()
        }
        rest = rest.drop { [UInt8(ascii: "h"), UInt8(ascii: "l")].contains($0) }
        let letter = Character(UnicodeScalar(rest.popFirst() ?? 0))
        var isSigned = true
        if !conversion.isAggregation, values.indices.contains(argument), case .integer(let value) = values[argument] {
            isSigned = value.isSigned
        }
        let kinds: [Character: Format.Conversion.Kind] = [
            "d": isSigned ? .signedDecimal : .unsignedDecimal, "u": .unsignedDecimal, "o": .octal,
            "x": .hexadecimal, "X": .upperHexadecimal, "p": .pointer, "c": .character, "C": .escapedCharacter,
            "s": .text, "S": .escapedText, "Y": .date, "a": .symbol, "k": .stack,
        ]
        conversion.kind = kinds[letter] ?? .text
        if conversion.isAggregation {
            conversion.argument = aggregation
            aggregation += 1
        } else {
            conversion.argument = argument
            argument += 1
        }
        pieces.append(.conversion(conversion))
    }
    return Format(pieces)
}
