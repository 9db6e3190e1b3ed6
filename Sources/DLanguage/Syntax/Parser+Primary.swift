extension Parser {
    mutating func primary() throws(Diagnostic) -> ExpressionSyntax {
        let position = token.position
        switch token.kind {
        case .integer(let value, let type):
            try advance()
            return try node(.integer(value, type), at: position)
        case .text(var text):
            try advance()
            // Adjacent literals are one.
            while case .text(let more) = token.kind {
                text += more
                try advance()
            }
            return try node(.text(text), at: position)
        case .aggregation(let name):
            try advance()
            return try node(.aggregation(name.isEmpty ? "_" : name), at: position)
        case .sign("("):
            try advance()
            let value = try nested { (parser: inout Parser) throws(Diagnostic) in try parser.expression() }
            try expect(")", "after the expression")
            return value
        case .name("self"), .name("this"): return try scoped(position)
        case .name("offsetof"): return try offset(position)
        case .name("xlate"): return try translation(position)
        case .name(let name):
            if Self.isDeclarationWord(name) { throw unexpected("an expression") }
            try refuseReserved(name)
            try advance()
            return try node(name.contains("`") ? .symbol(name) : .name(name), at: position)
        default: throw unexpected("an expression")
        }
    }

    private mutating func scoped(_ position: SourcePosition) throws(Diagnostic) -> ExpressionSyntax {
        let scope: VariableScope = token.kind == .name("self") ? .thread : .clause
        try advance()
        try expect("->", "after '\(scope.rawValue)'")
        let name = try name("the name of a variable after '\(scope.rawValue)->'")
        return try node(.scoped(scope, name), at: position)
    }

    private mutating func offset(_ position: SourcePosition) throws(Diagnostic) -> ExpressionSyntax {
        try advance()
        try expect("(", "after 'offsetof'")
        let type = try typeName()
        try expect(",", "after the type")
        var path = try name("the name of a member")
        while try take(".") { path += "." + (try name("the name of a member")) }
        try expect(")", "after the member")
        return try node(.offsetof(type, path), at: position)
    }

    private mutating func translation(_ position: SourcePosition) throws(Diagnostic) -> ExpressionSyntax {
        try advance()
        try expect("<", "after 'xlate'")
        let type = try typeName()
        try expect(">", "after the type")
        try expect("(", "before the value to translate")
        let value = try nested { (parser: inout Parser) throws(Diagnostic) in try parser.expression() }
        try expect(")", "after the value to translate")
        return try node(.translate(type, value), at: position, [value])
    }
}
