extension Checker {
    func add(_ item: ItemSyntax) throws(Diagnostic) {
        switch item {
        case .declaration(let declaration): try declare(declaration)
        case .inline(let inline): try declare(inline)
        case .translator(let translator):
            if case .named(let name) = translator.output.form { try loadTranslators(name) }
            try declare(translator)
        case .clause(let clause): try add(clause)
        }
    }

    private func declare(_ inline: InlineSyntax) throws(Diagnostic) {
        if inlines[inline.name] != nil || StandardTypes.builtins[inline.name] != nil
            || entries[.global]?[inline.name] != nil
        {
            throw Diagnostic("'\(inline.name)' is declared twice", at: inline.position, tag: .init("DECL_IDRED"))
        }
        // Checked once without its uses, so that an error is found even if nothing uses it.
        if inline.parameters == nil {
            let type = try resolve(inline.type)
            let value = try inBody([:], inline.position) { () throws(Diagnostic) in try check(inline.value) }
            if value.translation == nil { _ = try assignable(value, to: type, "the inline '\(inline.name)'") }
        }
        inlines[inline.name] = inline
    }

    /// A typedef, a struct, or variables.
    func declare(_ declaration: DeclarationSyntax) throws(Diagnostic) {
        // `struct name;` says that there will be one.
        if declaration.declarators.isEmpty, case .structure(let isUnion, let tag?, nil) = declaration.type.form {
            if try structure(tag, isUnion: isUnion) == nil { _ = declareStructure(tag, isUnion: isUnion) }
            return
        }
        let base = try base(
            declaration.type, typedefName: declaration.storage == .typedef ? declaration.declarators.first?.name : nil)
        for declarator in declaration.declarators {
            let name = declarator.name ?? ""
            let position = declarator.position ?? declaration.position
            switch declaration.storage {
            case .typedef:
                let type = try apply(declarator, to: base, position)
                if let known = typedefs[name], known != type {
                    throw Diagnostic(
                        "the type '\(name)' is declared as '\(spelling(known))' already", at: position,
                        tag: .init("DECL_IDRED"))
                }
                typedefs[name] = type
            // The kernel has its own types of its variables; a declaration of one changes nothing.
            case .external: _ = try apply(declarator, to: base, position)
            case .none: try declare(.global, declarator, base, position)
            case .thread: try declare(.thread, declarator, base, position)
            case .clause: try declare(.clause, declarator, base, position)
            }
        }
    }

    private func declare(
        _ scope: VariableScope, _ declarator: DeclaratorSyntax, _ base: DType, _ position: SourcePosition
    ) throws(Diagnostic) {
        let name = declarator.name ?? ""
        if scope == .global { try refuseConstant(name, position) }
        if case .keys(let keys)? = declarator.parts.first {
            guard scope != .clause else {
                throw Diagnostic(
                    "'this->\(name)' cannot be an associative array", at: position, tag: .init("DECL_LOCASSC"))
            }
            var element = declarator
            element.parts.removeFirst()
            let type = try apply(element, to: base, position)
            let types = try keys.map { (key) throws(Diagnostic) in try resolve(key) }
            return try declareArray(scope, name, types, type, position)
        }
        let type = try apply(declarator, to: base, position)
        if type == .function { return }
        guard size(type) != nil else {
            throw Diagnostic(
                "a variable cannot be of type '\(spelling(type))'", at: position, tag: .init("DECL_VOIDOBJ"))
        }
        if let entry = entries[scope]?[name] {
            if case .variable(let index) = entry, Self.isSame(program.variables[index].type, type) { return }
            throw Diagnostic("'\(name)' is declared with another type already", at: position, tag: .init("DECL_IDRED"))
        }
        try addVariable(scope, name, type, position)
    }

    private static func isSame(_ known: DType, _ type: DType) -> Bool {
        known == type || known == .addressText && type == .string
    }

    private func declareArray(
        _ scope: VariableScope, _ name: String, _ keys: [DType], _ element: DType, _ position: SourcePosition
    ) throws(Diagnostic) {
        for type in keys + [element] where size(type) == nil {
            throw Diagnostic("'\(spelling(type))' cannot be in an array", at: position, tag: .init("DECL_ARRTYPE"))
        }
        guard let entry = entries[scope]?[name] else { return try addArray(scope, name, keys, element, position) }
        if case .array(let index) = entry, Self.isSame(program.arrays[index].element, element),
            program.arrays[index].keys.count == keys.count,
            zip(program.arrays[index].keys, keys).allSatisfy({ Self.isSame($0, $1) })
        {
            return
        }
        throw Diagnostic("'\(name)' is declared with another type already", at: position, tag: .init("DECL_IDRED"))
    }

    // MARK: Clauses

    /// Checks the clause once per kind of arguments that its probes have.
    private func add(_ clause: ClauseSyntax) throws(Diagnostic) {
        let number = (program.clauses.last?.number ?? -1) + 1
        guard number < 10_000 else { throw Diagnostic("the program has more than 10000 clauses", at: clause.position) }
        if clause.statements == nil, program.sources[Int(clause.position.source)].kind != .commandLine {
            throw Diagnostic(
                "the clause has no body", at: clause.position, advice: "in a file every clause has one: { … }",
                tag: .init("SYNTAX"))
        }
        var groups: [(signature: ProbeSignature?, probes: [ProbeDescription])] = []
        for probe in clause.probes {
            let signature = catalog.signature(of: probe)
            if let index = groups.firstIndex(where: { $0.signature == signature }) {
                groups[index].probes.append(probe)
            } else {
                groups.append((signature, [probe]))
            }
        }
        for group in groups {
            signature = group.signature
            clauseName = "'\(group.probes[0].description.drop { $0 == ":" })'"
            usesArguments = false
            var checked = try typed(clause, number)
            // Without args[] and arg0 all probes are alike.
            let probes = usesArguments ? group.probes : clause.probes
            checked.probes = probes
            checked.signature = group.signature ?? ProbeSignature()
            program.clauses.append(checked)
            if !usesArguments { return }
        }
    }

    private func typed(_ clause: ClauseSyntax, _ number: Int) throws(Diagnostic) -> TypedClause {
        let predicate = try clause.predicate.map { (predicate) throws(Diagnostic) in
            try condition(try check(predicate), " of a clause")
        }
        var order = ActionOrder()
        var statements: [TypedStatement] = []
        for syntax in clause.statements ?? [] { statements.append(try statement(syntax, &order)) }
        if statements.isEmpty { statements.append(TypedStatement(.fired, at: clause.position)) }
        return TypedClause(
            number: number, probes: [], signature: ProbeSignature(), predicate: predicate, statements: statements,
            position: clause.position)
    }
}
