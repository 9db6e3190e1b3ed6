extension Parser {
    mutating func clause() throws(Diagnostic) -> ClauseSyntax {
        let position = lexer.position
        var clause = ClauseSyntax(probes: [try probe()], position: position)
        try lexer.skipBlanks()
        while lexer.peek() == UInt8(ascii: ",") {
            lexer.advance()
            try lexer.skipBlanks()
            clause.probes.append(try probe())
            try lexer.skipBlanks()
        }
        if lexer.peek() == UInt8(ascii: "/") {
            lexer.advance()
            clause.predicate = try predicate()
        }
        try lexer.skipBlanks()
        if lexer.peek() == UInt8(ascii: "{") {
            lexer.advance()
            clause.statements = try statements()
        }
        return clause
    }

    private mutating func probe() throws(Diagnostic) -> ProbeDescription {
        let position = lexer.position
        let start = lexer.at
        while Byte.isProbe(lexer.peek()) { lexer.advance() }
        let written = String(decoding: lexer.text[start..<lexer.at], as: UTF8.self)
        guard !written.isEmpty else {
            try advance()
            throw unexpected("a probe description or declaration")
        }
        let word = try lexer.macros.expand(written, at: position)
        if word.utf8.allSatisfy(Byte.isDigit), let number = Int(word) {
            return ProbeDescription(identifier: number, position: position)
        }
        let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 4 else {
            throw Diagnostic(
                "'\(word)' has \(parts.count) parts", at: position,
                advice: "a probe is provider:module:function:name, of which the first ones can be left out",
                tag: .init("PDESC_INVAL"))
        }
        let filled = Array(repeating: "", count: 4 - parts.count) + parts
        return ProbeDescription(
            provider: filled[0], module: filled[1], function: filled[2], name: filled[3], position: position)
    }

    private mutating func predicate() throws(Diagnostic) -> ExpressionSyntax {
        lexer.isInPredicate = true
        defer { lexer.isInPredicate = false }
        try advance()
        if token.kind == .predicateEnd { throw unexpected("the predicate's expression") }
        let predicate = try expression()
        guard token.kind == .predicateEnd else { throw unexpected("'/' after the predicate") }
        return predicate
    }

    /// After `{`, up to the closing brace, which is consumed.
    private mutating func statements() throws(Diagnostic) -> [ExpressionSyntax] {
        var statements: [ExpressionSyntax] = []
        try advance()
        while !isSign("}") {
            if try take(";") { continue }
            if token.kind == .end {
                throw Diagnostic(
                    "the clause is not closed", at: token.position, advice: "close it with '}'", tag: .init("SYNTAX"))
            }
            try refuseControlFlow()
            statements.append(try expression())
            guard isSign(";") || isSign("}") else { throw unexpected("';' after the statement") }
        }
        return statements
    }

    private func refuseControlFlow() throws(Diagnostic) {
        guard case .name(let word) = token.kind,
            ["if", "else", "while", "for", "do", "goto", "switch", "return", "break", "continue", "case"].contains(word)
        else { return }
        throw Diagnostic(
            "D has no '\(word)'", at: token.position,
            advice: "conditions are predicates (/…/ before the clause) and '… ? … : …'; there are no loops",
            tag: .init("SYNTAX"))
    }
}
