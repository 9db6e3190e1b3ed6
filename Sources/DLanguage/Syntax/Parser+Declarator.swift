extension Parser {
    /// A type without a variable: `struct sk_buff *`.
    mutating func typeName() throws(Diagnostic) -> TypeSyntax {
        var type = try specifiers()
        type.declarator = try declarator()
        if let name = type.declarator.name {
            throw Diagnostic(
                "'\(name)' is one word too many after the type", at: type.declarator.position ?? type.position,
                tag: .init("SYNTAX"))
        }
        return type
    }

    mutating func declarator() throws(Diagnostic) -> DeclaratorSyntax {
        try nested { (parser: inout Parser) throws(Diagnostic) in try parser.declaratorBody() }
    }

    private mutating func declaratorBody() throws(Diagnostic) -> DeclaratorSyntax {
        var stars = 0
        while true {
            if try take("*") {
                stars += 1
                guard stars <= 16 else { throw tooDeep(token.position) }
            } else if case .name(let word) = token.kind, ["const", "volatile", "restrict"].contains(word) {
                try advance()
            } else {
                break
            }
        }
        var declarator = DeclaratorSyntax()
        if isSign("("), try opensDeclarator() {
            try advance()
            declarator = try self.declarator()
            try expect(")", "after the declarator")
        } else if case .name(let name) = token.kind {
            try refuseReserved(name)
            if Self.isDeclarationWord(name) { throw unexpected("a name") }
            declarator.name = name
            declarator.position = token.position
            try advance()
        }
        while isSign("[") || isSign("(") {
            declarator.parts.append(isSign("[") ? try brackets() : try parameters())
            guard declarator.parts.count <= 16 else { throw tooDeep(token.position) }
        }
        declarator.parts += Array(repeating: .pointer, count: stars)
        return declarator
    }

    /// `(*name)` instead of the parameters of a function.
    private func opensDeclarator() throws(Diagnostic) -> Bool {
        switch try following().kind {
        case .sign("*"), .sign("("): true
        case .name(let name): !isTypeName(name)
        default: false
        }
    }

    /// `[]`, `[5]`, or the key types of an associative array.
    private mutating func brackets() throws(Diagnostic) -> DeclaratorSyntax.Part {
        try advance()
        if try take("]") { return .array(nil) }
        guard case .name(let name) = token.kind, isTypeName(name) else {
            let size = try assignment()
            try expect("]", "after the size of the array")
            return .array(size)
        }
        var keys: [TypeSyntax] = []
        repeat {
            var key = try specifiers()
            key.declarator = try declarator()
            keys.append(key)
        } while try take(",")
        try expect("]", "after the types of the keys")
        return .keys(keys)
    }

    private mutating func parameters() throws(Diagnostic) -> DeclaratorSyntax.Part {
        try advance()
        if try take(")") { return .function }
        repeat {
            if try take("...") { break }
            _ = try specifiers()
            _ = try declarator()
        } while try take(",")
        try expect(")", "after the parameters")
        return .function
    }
}

/// Words of C → integer types.
enum CSpelling {
    static func type(_ words: [String]) -> DType? {
        func count(_ word: String) -> Int { words.count { $0 == word } }
        let isUnsigned = count("unsigned") > 0
        guard !words.isEmpty, count("unsigned") + count("signed") <= 1 else { return nil }
        if words == ["void"] { return .void }
        if words == ["string"] { return .string }
        if words == ["float"] { return .floating(bytes: 4) }
        if words == ["double"] || words.sorted() == ["double", "long"] { return .floating(bytes: 8) }
        guard words.allSatisfy({ ["unsigned", "signed", "char", "short", "int", "long"].contains($0) }) else {
            return nil
        }
        guard count("int") <= 1, count("short") <= 1, count("char") <= 1, count("long") <= 2 else { return nil }
        if count("char") == 1 {
            guard count("short") + count("int") + count("long") == 0 else { return nil }
            return .integer(IntegerType(bits: 8, isSigned: !isUnsigned, isCharacter: true))
        }
        if count("short") == 1 {
            return count("long") == 0 ? .integer(IntegerType(bits: 16, isSigned: !isUnsigned)) : nil
        }
        return .integer(IntegerType(bits: count("long") > 0 ? 64 : 32, isSigned: !isUnsigned))
    }
}
