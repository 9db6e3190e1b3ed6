/// A word or a sign of a filter.
struct FilterToken: Equatable {
    enum Kind: Equatable {
        /// A path, a name, an address: everything between blanks and operators.
        case word
        case number(Int64)
        case operation(FilterOperator)
        /// `$N`, which stands for an argument in the definition of a macro.
        case argument
        case open, close
        case end
    }

    var kind: Kind
    /// Offsets in the bytes of the source.
    var range: Range<Int>
    /// Of a word: its parts joined, if blanks surround a period.
    var text: String
    /// Whether blanks precede it.
    var followsBlank: Bool

    /// Whether an operand begins with it and cannot continue one.
    var beginsOperand: Bool {
        switch kind {
        case .word, .number, .argument, .open, .operation(.not), .operation(.complement): true
        case .operation, .close, .end: false
        }
    }
}

/// A filter's text → tokens.
struct FilterLexer {
    let source: String
    let bytes: [UInt8]
    private var offset = 0

    init(_ source: String) {
        self.source = source
        bytes = Array(source.utf8)
    }

    static func tokens(_ source: String) throws(FilterError) -> [FilterToken] {
        var lexer = FilterLexer(source)
        var tokens: [FilterToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private mutating func next() throws(FilterError) -> FilterToken {
        let before = offset
        skipBlanks()
        let start = offset
        let kind = try kind()
        var text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if kind == .word {
            joinParts(&text)
            return FilterToken(
                kind: try classify(text, at: start), range: start..<offset, text: text, followsBlank: start > before)
        }
        return FilterToken(kind: kind, range: start..<offset, text: text, followsBlank: start > before)
    }

    private mutating func skipBlanks() {
        while offset < bytes.count, Self.isBlank(bytes[offset]) { offset += 1 }
    }

    private mutating func kind() throws(FilterError) -> FilterToken.Kind {
        guard offset < bytes.count else { return .end }
        let byte = bytes[offset]
        if Self.beginsWord(byte) {
            while offset < bytes.count, Self.isWord(bytes[offset]) { offset += 1 }
            return .word
        }
        switch byte {
        case UInt8(ascii: "("): return take(1, .open)
        case UInt8(ascii: ")"): return take(1, .close)
        case UInt8(ascii: "'"): return .number(try character())
        default: break
        }
        let rest = bytes[offset...]
        for (spelling, operation) in Self.operators where rest.starts(with: spelling.utf8) {
            return take(spelling.utf8.count, .operation(operation))
        }
        if byte == UInt8(ascii: "?") { throw error("?: is not part of the language") }
        if byte == UInt8(ascii: "$") {
            offset += 1
            while offset < bytes.count, Self.isDigit(bytes[offset]) { offset += 1 }
            return .argument
        }
        throw error("unexpected character")
    }

    private mutating func take(_ count: Int, _ kind: FilterToken.Kind) -> FilterToken.Kind {
        offset += count
        return kind
    }

    /// Blanks may surround the periods of a path, since the words of a command line are joined by blanks.
    private mutating func joinParts(_ text: inout String) {
        while true {
            let end = offset
            let endsWithPeriod = text.utf8.last == UInt8(ascii: ".")
            skipBlanks()
            let hasPeriod = offset < bytes.count && bytes[offset] == UInt8(ascii: ".")
            guard endsWithPeriod || hasPeriod else { return offset = end }
            if hasPeriod, !endsWithPeriod {
                offset += 1
                skipBlanks()
                text += "."
            }
            let start = offset
            while offset < bytes.count, Self.isWord(bytes[offset]) { offset += 1 }
            guard offset > start else { return offset = max(end, start) }
            text += String(decoding: bytes[start..<offset], as: UTF8.self)
        }
    }

    /// A word may be an operator, a number of C, or a name.
    private func classify(_ text: String, at start: Int) throws(FilterError) -> FilterToken.Kind {
        switch text {
        case "and": return .operation(.and)
        case "or": return .operation(.or)
        case "not": return .operation(.not)
        default: break
        }
        guard Self.isDigit(bytes[start]) else { return .word }
        switch Self.integer(text) {
        case .number(let value): return .number(value)
        case .tooLarge: throw FilterError("a number has at most 64 bits", source, at: start)
        case .name: return .word
        }
    }

    private enum Integer { case number(Int64), tooLarge, name }

    /// An integer constant of C: decimal, octal after 0, hexadecimal after 0x, perhaps with suffixes u and l.
    private static func integer(_ text: String) -> Integer {
        var digits = text.lowercased()[...]
        var suffixes = 0
        let isHexadecimal = digits.hasPrefix("0x")
        while let last = digits.last, last == "u" || last == "l", suffixes < 3 {
            digits.removeLast()
            suffixes += 1
        }
        let radix = isHexadecimal ? 16 : digits.count > 1 && digits.hasPrefix("0") ? 8 : 10
        if isHexadecimal { digits = digits.dropFirst(2) }
        guard !digits.isEmpty, digits.allSatisfy({ $0.hexDigitValue.map { $0 < radix } ?? false }) else { return .name }
        guard let value = UInt64(digits, radix: radix) else { return .tooLarge }
        return .number(Int64(bitPattern: value))
    }

    /// A character constant of C.
    private mutating func character() throws(FilterError) -> Int64 {
        let start = offset
        var close = start + 1
        while close < bytes.count, bytes[close] != UInt8(ascii: "'") {
            close += bytes[close] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard close < bytes.count else { throw error("a character in quotes, such as 'a' or '\\n', has no end") }
        guard let value = Self.character(bytes[(start + 1)..<close]) else {
            throw error("in quotes there is one character, such as 'a' or '\\n'")
        }
        offset = close + 1
        return value
    }

    private static func character(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let first = text.first else { return nil }
        guard first == UInt8(ascii: "\\") else { return text.count == 1 ? Int64(first) : nil }
        let escape = text.dropFirst()
        if escape.first == UInt8(ascii: "x"), escape.count <= 3 {
            return Int64(String(decoding: escape.dropFirst(), as: UTF8.self), radix: 16)
        }
        if escape.count <= 3, let octal = Int64(String(decoding: escape, as: UTF8.self), radix: 8), octal >= 0 {
            return octal
        }
        guard escape.count == 1, let letter = escape.first else { return nil }
        switch letter {
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return Int64(letter)
        default: return nil
        }
    }

    private func error(_ message: String) -> FilterError { FilterError(message, source, at: offset) }

    /// Longer ones first.
    private static let operators: [(String, FilterOperator)] = [
        ("<<", .shiftLeft), (">>", .shiftRight), ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("==", .equal),
        ("!=", .notEqual), ("&&", .and), ("||", .or), ("<", .less), (">", .greater), ("=", .equal), ("!", .not),
        ("&", .bitAnd), ("|", .bitOr), ("^", .bitXor), ("~", .complement), ("+", .add), ("-", .subtract),
        ("*", .multiply), ("/", .divide), ("%", .remainder), (",", .sequence),
    ]

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 9 && byte <= 13 }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func beginsWord(_ byte: UInt8) -> Bool {
        isWord(byte) && byte != UInt8(ascii: "-") && byte != UInt8(ascii: ".")
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
