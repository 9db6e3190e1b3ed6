/// Bytes of a D text → tokens, on demand: the meaning of a slash and of a name with colons depends on the place, which
/// the parser knows.
struct Lexer {
    let source: UInt16
    let text: [UInt8]
    let macros: MacroTable
    private(set) var at = 0
    private var line: Int32 = 1
    private var lineStart = 0
    /// Whether a slash can close a predicate.
    var isInPredicate = false
    /// Control lines in the order of the text, for the parser to take.
    var pragmas: [Pragma] = []

    struct Pragma {
        var words: [String]
        var position: SourcePosition
    }

    init(_ text: SourceText, source: UInt16, macros: MacroTable) {
        self.text = text.text
        self.source = source
        self.macros = macros
    }

    var position: SourcePosition {
        SourcePosition(source: source, line: line, column: Int32(clamping: at - lineStart + 1))
    }

    /// The byte `distance` bytes ahead; 0 at the end.
    func peek(_ distance: Int = 0) -> UInt8 { at + distance < text.count ? text[at + distance] : 0 }

    var isAtEnd: Bool { at >= text.count }

    mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where at < text.count {
            if text[at] == 10 {
                line &+= 1
                lineStart = at + 1
            }
            at += 1
        }
    }

    func error(_ message: String, advice: String? = nil) -> Diagnostic {
        Diagnostic(message, at: position, advice: advice, tag: .init("SYNTAX"))
    }

    // MARK: Blanks

    /// Skips blanks, comments and control lines.
    mutating func skipBlanks() throws(Diagnostic) {
        while !isAtEnd {
            let byte = peek()
            if byte == 10 {
                advance()
            } else if Byte.isBlank(byte) {
                at += 1
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                try skipComment()
            } else if byte == UInt8(ascii: "#"), text[lineStart..<at].allSatisfy(Byte.isBlank) {
                try readControlLine()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(Diagnostic) {
        let start = position
        advance(2)
        while !(peek() == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")) {
            guard !isAtEnd else {
                throw Diagnostic(
                    "the comment is not closed", at: start, advice: "close it with */", tag: .init("SYNTAX"))
            }
            if peek() == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                throw error("/* within a comment", advice: "comments do not nest")
            }
            advance()
        }
        advance(2)
    }

    /// The rest of a line that starts with `#`; a backslash at its end continues it.
    private mutating func readControlLine() throws(Diagnostic) {
        let start = position
        let isFirst = at == 0
        var bytes: [UInt8] = []
        advance()
        while !isAtEnd, peek() != 10 {
            if peek() == UInt8(ascii: "\\"), peek(1) == 10 {
                bytes.append(32)
                advance(2)
            } else {
                bytes.append(peek())
                advance()
            }
        }
        // The line that names an interpreter.
        if isFirst, bytes.first == UInt8(ascii: "!") { return }
        let words = bytes.split(whereSeparator: Byte.isBlank).map { String(decoding: $0, as: UTF8.self) }
        switch words.first {
        // Markers of a preprocessor name lines of another text than the one that errors show.
        case nil, "ident", "line": break
        case "pragma":
            pragmas.append(Pragma(words: Array(words.dropFirst()), position: start))
            // Arguments on the next lines depend on it already.
            if words.contains("defaultargs") { macros.hasDefaults = true }
        case "error": throw Diagnostic(words.dropFirst().joined(separator: " "), at: start)
        case let word? where word.utf8.allSatisfy(Byte.isDigit): break
        case let word?:
            throw Diagnostic(
                "unknown control line '#\(word)'", at: start,
                advice: "-C runs the C preprocessor over the program first", tag: .init("PRAGCTL_INVAL"))
        }
    }

    // MARK: Tokens

    mutating func next() throws(Diagnostic) -> Token {
        try skipBlanks()
        let start = position
        guard !isAtEnd else { return Token(kind: .end, position: start) }
        let byte = peek()
        let kind: Token.Kind
        switch byte {
        case UInt8(ascii: "\""): kind = .text(Self.cut(try quoted()))
        case UInt8(ascii: "'"): kind = try character()
        case UInt8(ascii: "@"):
            advance()
            kind = .aggregation(name())
        case UInt8(ascii: "$"): kind = try macro()
        case UInt8(ascii: "`"): kind = .name(name())
        case _ where Byte.isDigit(byte), UInt8(ascii: ".") where Byte.isDigit(peek(1)): kind = try number()
        case _ where Byte.isNameStart(byte): kind = .name(name())
        default: kind = try sign()
        }
        return Token(kind: kind, position: start)
    }

    /// A name, which may be empty; backquotes belong to it.
    private mutating func name() -> String {
        let start = at
        while at < text.count, Byte.isName(text[at]) || text[at] == UInt8(ascii: "`") { at += 1 }
        return String(decoding: text[start..<at], as: UTF8.self)
    }

    /// By their bytes, the first one highest.
    private static let signs: [UInt32: String] = {
        let all = [
            "<<=", ">>=", "...", "->", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "<=",
            ">=", "==", "!=", "&&", "||", "^^", "+", "-", "*", "/", "%", "&", "|", "^", "~", "!", "<", ">", "=", "?",
            ":", ";", ",", ".", "(", ")", "[", "]", "{", "}",
        ]
        return Dictionary(
            uniqueKeysWithValues: all.map { sign in (sign.utf8.reduce(0) { $0 << 8 | UInt32($1) }, sign) })
    }()

    private mutating func sign() throws(Diagnostic) -> Token.Kind {
        if peek() == UInt8(ascii: "/"), isInPredicate, closesPredicate() {
            advance()
            return .predicateEnd
        }
        let bytes = UInt32(peek()) << 16 | UInt32(peek(1)) << 8 | UInt32(peek(2))
        for length in [3, 2, 1] {
            guard at + length <= text.count, let sign = Self.signs[bytes >> UInt32(8 * (3 - length))] else { continue }
            at += length
            return .sign(sign)
        }
        let byte = peek()
        let shown = byte > 32 && byte < 127 ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
        throw error("\(shown) has no meaning in D")
    }

    /// A slash closes the predicate if the end, `;`, `{` or another slash follows; comments do not count.
    private func closesPredicate() -> Bool {
        var ahead = self
        ahead.advance()
        guard (try? ahead.skipBlanks()) != nil else { return true }
        return ahead.isAtEnd || ";{/".utf8.contains(ahead.peek())
    }

    private static func cut(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.prefix { $0 != 0 }) }
}
