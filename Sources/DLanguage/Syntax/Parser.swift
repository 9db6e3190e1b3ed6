/// Tokens → syntax. Stops at the first error.
struct Parser {
    var lexer: Lexer
    private(set) var token: Token
    /// Depth of brackets and operands that are being parsed.
    private var nesting = 0
    /// Whether a name stands for a type.
    let isType: (String) -> Bool
    /// Typedefs of this text, and names that hide a type of the kernel.
    var declaredTypes: Set<String> = []
    var declaredValues: Set<String> = []

    static let maximumDepth = 160
    static let maximumBytes = 1 << 20

    init(_ lexer: Lexer, isType: @escaping (String) -> Bool) throws(Diagnostic) {
        self.lexer = lexer
        self.isType = isType
        token = Token(kind: .end, position: lexer.position)
        guard lexer.text.count <= Self.maximumBytes else {
            throw Diagnostic(
                "the program is longer than \(Self.maximumBytes >> 20) MiB", at: token.position,
                advice: "split it into several programs")
        }
    }

    // MARK: Tokens

    mutating func advance() throws(Diagnostic) { token = try lexer.next() }

    func isSign(_ sign: String) -> Bool { token.kind == .sign(sign) }

    mutating func take(_ sign: String) throws(Diagnostic) -> Bool {
        guard isSign(sign) else { return false }
        try advance()
        return true
    }

    mutating func expect(_ sign: String, _ place: String) throws(Diagnostic) {
        guard isSign(sign) else { throw unexpected("'\(sign)' \(place)") }
        try advance()
    }

    func unexpected(_ wanted: String) -> Diagnostic {
        Diagnostic("expected \(wanted), found \(token.spelling)", at: token.position, tag: .init("SYNTAX"))
    }

    /// Words of C and D that are no names.
    private static let reserved: Set<String> = [
        "break", "case", "continue", "counter", "default", "do", "else", "for", "goto", "if", "import", "inline",
        "offsetof", "probe", "provider", "return", "sizeof", "stringof", "switch", "translator", "while", "xlate",
    ]

    func refuseReserved(_ name: String) throws(Diagnostic) {
        guard Self.reserved.contains(name) else { return }
        throw Diagnostic("'\(name)' is a word of the language and no name", at: token.position, tag: .init("SYNTAX"))
    }

    mutating func name(_ purpose: String) throws(Diagnostic) -> String {
        guard case .name(let name) = token.kind else { throw unexpected(purpose) }
        try refuseReserved(name)
        try advance()
        return name
    }

    /// The token after this one.
    func following() throws(Diagnostic) -> Token {
        var ahead = lexer
        return try ahead.next()
    }

    mutating func nested<Result>(
        _ body: (inout Parser) throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.maximumDepth else { throw tooDeep(token.position) }
        return try body(&self)
    }

    func tooDeep(_ position: SourcePosition) -> Diagnostic {
        Diagnostic(
            "the expression is nested too deep", at: position,
            advice: "a variable such as this->part can hold a part of it", tag: .init("SYNTAX"))
    }

    // MARK: Items

    /// The next declaration, inline, translator or clause. Returns nil at the end.
    mutating func item() throws(Diagnostic) -> ItemSyntax? {
        while true {
            try lexer.skipBlanks()
            // A lone semicolon after a clause or declaration means nothing.
            guard lexer.peek() == UInt8(ascii: ";") else { break }
            lexer.advance()
        }
        guard !lexer.isAtEnd else { return nil }
        if startsClause() { return .clause(try clause()) }
        try advance()
        switch token.kind {
        case .name("inline"): return .inline(try inline())
        case .name("translator"): return .translator(try translator())
        default: return .declaration(try declaration())
        }
    }

    /// Outside of clauses a word is a probe description unless it begins a declaration.
    private func startsClause() -> Bool {
        var length = 0
        while Byte.isProbe(lexer.peek(length)) { length += 1 }
        guard length > 0 else { return true }
        let word = String(decoding: lexer.text[lexer.at..<lexer.at + length], as: UTF8.self)
        guard word.utf8.allSatisfy(Byte.isName), let first = word.utf8.first, Byte.isNameStart(first) else {
            return true
        }
        if ["inline", "translator"].contains(word) || Self.isDeclarationWord(word) { return false }
        // `type name`, `type *name`: a declaration even if the type is unknown, for a better error.
        var place = length
        while Byte.isBlank(lexer.peek(place)) { place += 1 }
        let next = lexer.peek(place)
        let isFollowedByName = place > length && Byte.isNameStart(next)
        return !(isTypeName(word) && (isFollowedByName || next == UInt8(ascii: "*")) || isFollowedByName)
    }

    private mutating func inline() throws(Diagnostic) -> InlineSyntax {
        let position = token.position
        try advance()
        let base = try specifiers()
        let declarator = try self.declarator()
        guard let name = declarator.name else { throw unexpected("the name of the inline") }
        var type = base
        type.declarator.parts = declarator.parts.filter { if case .keys = $0 { false } else { true } }
        var parameters: [(type: TypeSyntax, name: String)]?
        for case .keys(let keys) in declarator.parts {
            parameters = []
            for key in keys {
                guard let name = key.declarator.name else {
                    throw Diagnostic(
                        "a parameter of the inline has no name", at: key.position, tag: .init("DECL_MNAME"))
                }
                parameters?.append((key, name))
            }
        }
        declaredValues.insert(name)
        try expect("=", "after the name of the inline")
        let value = try assignment()
        try endItem("the inline")
        return InlineSyntax(name: name, type: type, parameters: parameters, value: value, position: position)
    }

    private mutating func translator() throws(Diagnostic) -> TranslatorSyntax {
        let position = token.position
        try advance()
        let output = try typeName()
        try expect("<", "before the translator's input")
        var input = try specifiers()
        input.declarator = try declarator()
        guard let parameter = input.declarator.name else { throw unexpected("the name of the translator's input") }
        try expect(">", "after the translator's input")
        try expect("{", "before the translator's members")
        var members: [(name: String, value: ExpressionSyntax, position: SourcePosition)] = []
        while !isSign("}") {
            let place = token.position
            let name = try name("a member of the translator")
            try expect("=", "after the member")
            members.append((name, try assignment(), place))
            try expect(";", "after the member's value")
        }
        return TranslatorSyntax(
            output: output, input: input, parameter: parameter, members: members, position: position)
    }

    /// Ends an item with `;` without reading on: what follows may be a probe description.
    mutating func endItem(_ what: String) throws(Diagnostic) {
        guard isSign(";") else { throw unexpected("';' after \(what)") }
    }
}
