extension Parser {
    private static let specifierWords: Set<String> = [
        "char", "const", "double", "enum", "float", "int", "long", "restrict", "short", "signed", "string", "struct",
        "union", "unsigned", "userland", "void", "volatile",
    ]
    private static let storageWords: Set<String> = [
        "auto", "extern", "register", "self", "static", "this", "typedef",
    ]

    static func isDeclarationWord(_ word: String) -> Bool {
        specifierWords.contains(word) || storageWords.contains(word)
    }

    func isTypeName(_ name: String) -> Bool {
        if Self.specifierWords.contains(name) || declaredTypes.contains(name) { return true }
        if declaredValues.contains(name) || Self.storageWords.contains(name) { return false }
        return isType(name)
    }

    /// `storage type declarator, …;` whose last token, the semicolon, stays the current one.
    mutating func declaration() throws(Diagnostic) -> DeclarationSyntax {
        let position = token.position
        var storage = DeclarationSyntax.Storage.none
        while case .name(let word) = token.kind, Self.storageWords.contains(word) {
            guard storage == .none else {
                throw Diagnostic("'\(word)' after another storage class", at: token.position, tag: .init("DECL_CLASS"))
            }
            switch word {
            case "typedef": storage = .typedef
            case "extern": storage = .external
            case "self": storage = .thread
            case "this": storage = .clause
            default:
                throw Diagnostic(
                    "'\(word)' has no meaning in D", at: token.position,
                    advice: "variables are global, self (of a thread) or this (of a firing)", tag: .init("SYNTAX"))
            }
            try advance()
        }
        let type = try specifiers()
        var declaration = DeclarationSyntax(storage: storage, type: type, declarators: [], position: position)
        if !isSign(";") {
            repeat {
                let declarator = try self.declarator()
                guard let name = declarator.name else { throw unexpected("the name of a variable") }
                if storage == .typedef { declaredTypes.insert(name) } else { declaredValues.insert(name) }
                declaration.declarators.append(declarator)
            } while try take(",")
        }
        if declaration.declarators.isEmpty, !Self.declaresType(type) {
            throw Diagnostic("the declaration names no variable", at: position, tag: .init("SYNTAX"))
        }
        if isSign("=") {
            throw Diagnostic(
                "a declaration cannot give a value", at: token.position,
                advice: "assign it in dtrace:::BEGIN, or declare a constant: inline int NAME = VALUE;",
                tag: .init("SYNTAX"))
        }
        try endItem("the declaration")
        return declaration
    }

    private static func declaresType(_ type: TypeSyntax) -> Bool {
        switch type.form {
        case .structure(_, .some, _), .enumeration(_, .some): true
        default: false
        }
    }

    /// Members of a struct: declarations with bit-fields and unnamed structs.
    private mutating func members() throws(Diagnostic) -> [DeclarationSyntax] {
        var members: [DeclarationSyntax] = []
        try expect("{", "before the members")
        while !isSign("}") {
            let position = token.position
            let type = try specifiers()
            var declaration = DeclarationSyntax(type: type, declarators: [], position: position)
            if !isSign(";") {
                repeat {
                    var declarator = isSign(":") ? DeclaratorSyntax(position: token.position) : try self.declarator()
                    if try take(":") { declarator.bits = try assignment() }
                    declaration.declarators.append(declarator)
                } while try take(",")
            }
            try expect(";", "after the member")
            members.append(declaration)
        }
        try advance()
        return members
    }

    /// Everything before the declarators.
    mutating func specifiers() throws(Diagnostic) -> TypeSyntax {
        try nested { (parser: inout Parser) throws(Diagnostic) in try parser.specifierList() }
    }

    private mutating func specifierList() throws(Diagnostic) -> TypeSyntax {
        let position = token.position
        var words: [String] = []
        var form: TypeSyntax.Form?
        while case .name(let word) = token.kind {
            switch word {
            case "const", "volatile", "restrict", "userland": try advance()
            case "struct", "union":
                guard form == nil, words.isEmpty else { throw unexpected("a name after the type") }
                form = try structure(isUnion: word == "union")
            case "enum":
                guard form == nil, words.isEmpty else { throw unexpected("a name after the type") }
                form = try enumeration()
            case _ where Self.specifierWords.contains(word):
                guard form == nil else { throw unexpected("a name after the type") }
                words.append(word)
                try advance()
            case _ where form == nil && words.isEmpty:
                form = .named(word)
                try advance()
            default:
                return try TypeSyntax(form: Self.form(form, words, position), position: position)
            }
        }
        return try TypeSyntax(form: Self.form(form, words, position), position: position)
    }

    private static func form(
        _ form: TypeSyntax.Form?, _ words: [String], _ position: SourcePosition
    ) throws(Diagnostic) -> TypeSyntax.Form {
        if let form { return form }
        guard let type = CSpelling.type(words) else {
            let written = words.joined(separator: " ")
            throw Diagnostic(
                words.isEmpty ? "a type is missing" : "'\(written)' is no type", at: position,
                advice: "types are as in C: int, unsigned long, struct sk_buff *, uint32_t, string …",
                tag: .init("SYNTAX"))
        }
        return .type(type)
    }

    private mutating func structure(isUnion: Bool) throws(Diagnostic) -> TypeSyntax.Form {
        try advance()
        var tag: String?
        if case .name(let name) = token.kind {
            // module`tag: the tag alone is looked up.
            tag = name.split(separator: "`").last.map(String.init) ?? name
            try advance()
        }
        guard isSign("{") else {
            guard tag != nil else { throw unexpected("a name or '{' after '\(isUnion ? "union" : "struct")'") }
            return .structure(isUnion: isUnion, tag: tag, members: nil)
        }
        return .structure(isUnion: isUnion, tag: tag, members: try members())
    }

    private mutating func enumeration() throws(Diagnostic) -> TypeSyntax.Form {
        try advance()
        var tag: String?
        if case .name(let name) = token.kind {
            tag = name.split(separator: "`").last.map(String.init) ?? name
            try advance()
        }
        guard try take("{") else {
            guard tag != nil else { throw unexpected("a name or '{' after 'enum'") }
            return .enumeration(tag: tag, values: nil)
        }
        var values: [(name: String, value: ExpressionSyntax?, position: SourcePosition)] = []
        while !isSign("}") {
            let position = token.position
            let name = try name("the name of an enumerator")
            values.append((name, try take("=") ? try assignment() : nil, position))
            guard try take(",") else { break }
        }
        try expect("}", "after the enumerators")
        return .enumeration(tag: tag, values: values)
    }
}
