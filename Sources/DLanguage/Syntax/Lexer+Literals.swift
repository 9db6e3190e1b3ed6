extension Lexer {
    /// Decimal, octal or hexadecimal, with a suffix of u and l.
    mutating func number() throws(Diagnostic) -> Token.Kind {
        let start = position
        var value: UInt64 = 0
        var overflows = false
        var base: UInt64 = 10
        if peek() == 48, peek(1) | 32 == UInt8(ascii: "x"), Byte.hexadecimal(peek(2)) != nil {
            base = 16
            advance(2)
        } else if peek() == 48, Byte.isDigit(peek(1)) {
            base = 8
        }
        while let digit = Byte.hexadecimal(peek()), digit < max(base, base == 8 ? 10 : 0) {
            guard digit < base else {
                throw Diagnostic("\(digit) is no digit of an octal number", at: position, tag: .init("INT_DIGIT"))
            }
            let (product, one) = value.multipliedReportingOverflow(by: base)
            let (sum, other) = product.addingReportingOverflow(digit)
            overflows = overflows || one || other
            value = sum
            advance()
        }
        if base != 16, peek() == UInt8(ascii: ".") || peek() | 32 == UInt8(ascii: "e") {
            throw Diagnostic(
                "floating-point constants are not permitted", at: start, advice: "D computes with integers only",
                tag: .init("SYNTAX"))
        }
        guard !overflows else {
            throw Diagnostic("the number does not fit in 64 bits", at: start, tag: .init("INT_OFLOW"))
        }
        return .integer(value, try suffixedType(value, isDecimal: base == 10, start))
    }

    /// The first type that has room: decimal constants become unsigned only by a suffix.
    private mutating func suffixedType(
        _ value: UInt64, isDecimal: Bool, _ start: SourcePosition
    ) throws(Diagnostic) -> IntegerType {
        var suffix = ""
        while Byte.isName(peek()) {
            suffix += String(Character(UnicodeScalar(peek() | 32)))
            advance()
        }
        guard ["", "u", "l", "ul", "lu", "ll", "ull", "llu"].contains(suffix) else {
            throw Diagnostic(
                "'\(suffix)' is no suffix of a number", at: start, advice: "suffixes are u, l, ul, ll and ull",
                tag: .init("SYNTAX"))
        }
        let isUnsigned = suffix.contains("u")
        let isLong = suffix.contains("l")
        var candidates: [IntegerType] = []
        for bits in isLong ? [64] : [32, 64] {
            if !isUnsigned { candidates.append(IntegerType(bits: bits, isSigned: true)) }
            if isUnsigned || !isDecimal { candidates.append(IntegerType(bits: bits, isSigned: false)) }
        }
        let found = candidates.first { type in
            value >> UInt64(type.isSigned ? type.bits - 1 : type.bits == 64 ? 63 : type.bits) == 0
                || !type.isSigned && type.bits == 64
        }
        guard let found else {
            throw Diagnostic(
                "the number does not fit in a signed type", at: start, advice: "the suffix u makes it unsigned",
                tag: .init("INT_OFLOW"))
        }
        return found
    }

    /// The bytes of a text or character literal, without its quotes.
    mutating func quoted() throws(Diagnostic) -> [UInt8] {
        let start = position
        let quote = peek()
        var bytes: [UInt8] = []
        advance()
        while true {
            guard !isAtEnd, peek() != 10 else {
                throw Diagnostic(
                    "the \(quote == 34 ? "string" : "character constant") is not closed on its line", at: start,
                    advice: quote == 34 ? "\\n stands for a new line" : nil,
                    tag: .init(quote == 34 ? "STR_NL" : "CHR_NL"))
            }
            let byte = peek()
            advance()
            if byte == quote { return bytes }
            if byte == UInt8(ascii: "\\") {
                if let escaped = try escape() { bytes.append(escaped) }
            } else {
                bytes.append(byte)
            }
        }
    }

    /// After a backslash. Returns nil for a line that is continued.
    private mutating func escape() throws(Diagnostic) -> UInt8? {
        let byte = peek()
        let simple: [UInt8: UInt8] = [97: 7, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9, 118: 11]
        if let value = simple[byte] {
            advance()
            return value
        }
        if byte == 10 {
            advance()
            return nil
        }
        if byte == UInt8(ascii: "x"), Byte.hexadecimal(peek(1)) != nil {
            advance()
            var value: UInt64 = 0
            while let digit = Byte.hexadecimal(peek()) {
                value = (value << 4 | digit) & 0xff
                advance()
            }
            return UInt8(value)
        }
        if byte >= 48, byte <= 55 {
            var value: UInt64 = 0
            for _ in 0..<3 where peek() >= 48 && peek() <= 55 {
                value = value << 3 | UInt64(peek() - 48)
                advance()
            }
            return UInt8(truncatingIfNeeded: value)
        }
        // An unknown escape stands for its character, as \" and \\ do.
        if isAtEnd { return nil }
        advance()
        return byte
    }

    /// `'a'`: an int. Up to eight characters, the first in the highest byte.
    mutating func character() throws(Diagnostic) -> Token.Kind {
        let start = position
        let bytes = try quoted()
        guard !bytes.isEmpty else {
            throw Diagnostic("the character constant is empty", at: start, tag: .init("CHR_NULL"))
        }
        guard bytes.count <= 8 else {
            throw Diagnostic(
                "a character constant has at most 8 characters", at: start, advice: "strings are written in \"…\"",
                tag: .init("CHR_OFLOW"))
        }
        if bytes.count == 1 { return .integer(UInt64(bitPattern: Int64(Int8(bitPattern: bytes[0]))), .int) }
        let value = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return .integer(value, bytes.count <= 4 ? .int : .long)
    }

    /// `$1`, `$$1`, `$pid`.
    mutating func macro() throws(Diagnostic) -> Token.Kind {
        let start = position
        advance()
        let isText = peek() == UInt8(ascii: "$")
        if isText { advance() }
        var name = ""
        while Byte.isName(peek()) {
            name.append(Character(UnicodeScalar(peek())))
            advance()
        }
        guard !name.isEmpty else {
            throw Diagnostic("'$' without a name", at: start, advice: macros.advice, tag: .init("MACRO_UNDEF"))
        }
        let value = try macros.value(of: name, at: start)
        if isText { return .text(value.text) }
        return value.token
    }
}
