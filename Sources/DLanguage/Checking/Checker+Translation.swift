extension Checker {
    // MARK: Inlines

    func inline(_ name: String) throws(Diagnostic) -> InlineSyntax? { inlines[name] ?? library.inlines[name] }

    /// The body with the parameters bound to the arguments.
    func expand(
        _ inline: InlineSyntax, _ arguments: [ExpressionSyntax], _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        let parameters = inline.parameters ?? []
        guard parameters.count == arguments.count, inline.parameters == nil || !arguments.isEmpty else {
            throw Diagnostic(
                "the inline '\(inline.name)' has \(parameters.count) parameters, not \(arguments.count)", at: position,
                advice: "as in \(inline.name)[\(parameters.map(\.name).joined(separator: ", "))]",
                tag: .init("PROTO_LEN"))
        }
        var bound: [String: Operand] = [:]
        var bindings: [(local: Int, value: TypedExpression)] = []
        for (parameter, argument) in zip(parameters, arguments) {
            let type = try resolve(parameter.type)
            let value = try assignable(try check(argument), to: type, "the parameter '\(parameter.name)'")
            bound[parameter.name] = try bind(value, &bindings)
        }
        let type = try resolve(inline.type)
        let result = try inBody(bound, position) { () throws(Diagnostic) in try check(inline.value) }
        if result.translation != nil { return result }
        let value = try assignable(result, to: type == .string ? .string : type, "the inline '\(inline.name)'")
        let kept = type == .string && result.expression.type == .addressText ? result.expression : value
        return Operand(try wrap(kept, bindings, position))
    }

    /// A value that several places use: as it is if that costs nothing, else by a local.
    func bind(
        _ value: TypedExpression, _ bindings: inout [(local: Int, value: TypedExpression)]
    ) throws(Diagnostic) -> Operand {
        if value.isTrivial { return Operand(value) }
        nextLocal += 1
        bindings.append((nextLocal, value))
        return Operand(try make(.local(nextLocal), value.type, at: value.position))
    }

    func wrap(
        _ body: TypedExpression, _ bindings: [(local: Int, value: TypedExpression)], _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        var body = body
        for binding in bindings.reversed() {
            body = try make(
                .bind(local: binding.local, value: binding.value, body: body), body.type, at: position)
        }
        return body
    }

    /// Checks the body of an inline or translator with its own names. An error within a shipped library names its use.
    func inBody<Result>(
        _ names: [String: Operand], _ position: SourcePosition, _ body: () throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result {
        guard inlineDepth < 24 else {
            throw Diagnostic(
                "inlines or translators refer to each other in a circle", at: position, tag: .init("INLINE_REC"))
        }
        let saved = locals
        locals = names
        inlineDepth += 1
        defer {
            locals = saved
            inlineDepth -= 1
        }
        do {
            return try body()
        } catch {
            throw located(error, position)
        }
    }

    private func located(_ error: Diagnostic, _ use: SourcePosition) -> Diagnostic {
        guard error.position.source >= SourcePosition.shipped, use.source < SourcePosition.shipped else { return error }
        var error = error
        let place = "needed by \(program.sources[Int(use.source)].name):\(use.line):\(use.column)"
        error.advice = error.advice.map { "\(place); \($0)" } ?? place
        return error
    }

    // MARK: Translators

    /// `xlate <type> (value)`
    func translate(
        _ syntax: TypeSyntax, _ value: Operand, _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        let wanted = try resolve(syntax)
        let isPointer = wanted.isPointer
        let output = wanted.target ?? wanted
        if case .named(let name) = syntax.form { try loadTranslators(name) }
        let input = value.translation == nil ? value.type : value.expression.type
        guard let index = translator(from: input, to: output) else {
            let known = translators.filter { $0.output == output }.map { "'\(spelling($0.input))'" }
            throw Diagnostic(
                "there is no translator from '\(spelling(input))' to '\(spelling(output))'", at: position,
                advice: known.isEmpty ? nil : "there are translators from " + known.joined(separator: ", "),
                tag: .init("XLATE_NONE"))
        }
        return Operand(
            isStructure(input) ? value.expression : try convert(try scalar(value), to: translators[index].input),
            translation: .init(translator: index, output: output, isPointer: isPointer))
    }

    private func isStructure(_ type: DType) -> Bool {
        if case .structure = type { true } else { false }
    }

    /// Reads the libraries' translators to a type.
    func loadTranslators(_ output: String) throws(Diagnostic) {
        for syntax in library.takeTranslators(output) {
            try inLibrary { () throws(Diagnostic) in try declare(syntax) }
        }
    }

    func declare(_ syntax: TranslatorSyntax) throws(Diagnostic) {
        let output = try resolve(syntax.output)
        guard case .structure(let id) = output else {
            throw Diagnostic(
                "a translator makes a struct, not '\(spelling(output))'", at: syntax.position, tag: .init("XLATE_SOU"))
        }
        let input = try resolve(syntax.input)
        var members: [String: ExpressionSyntax] = [:]
        for (name, value, position) in syntax.members {
            _ = try member(name, of: id, position)
            guard members.updateValue(value, forKey: name) == nil else {
                throw Diagnostic("the translator has '\(name)' twice", at: position, tag: .init("XLATE_MEMB"))
            }
        }
        if !isInLibrary, translators.contains(where: { $0.output == output && $0.input == input }) {
            throw Diagnostic(
                "there is a translator from '\(spelling(input))' to '\(spelling(output))' already", at: syntax.position,
                tag: .init("XLATE_REDECL"))
        }
        translators.append(Translator(output: output, syntax: syntax, members: members, input: input))
    }

    /// The translator for this input. A pointer without a type fits any translator of pointers.
    func translator(from input: DType, to output: DType) -> Int? {
        translators.lastIndex { $0.output == output && $0.input == input }
            ?? translators.lastIndex {
                $0.output == output && ($0.input.integer != nil && input.integer != nil || input == .pointer(to: .void))
            }
    }

    /// A member of a translated value: the translator's expression, with its input bound.
    func translated(
        _ input: TypedExpression, _ translation: Operand.Translation, _ name: String, _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        guard case .structure(let id) = translation.output else { return Operand(input) }
        let member = try member(name, of: id, position)
        let translator = translators[translation.translator]
        guard let body = translator.members[name] else {
            throw Diagnostic(
                "the translator to '\(spelling(translation.output))' has no '\(name)'", at: position,
                advice: "it has " + translator.members.keys.sorted().joined(separator: ", "), tag: .init("XLATE_NOCONV")
            )
        }
        var bindings: [(local: Int, value: TypedExpression)] = []
        let parameter = isStructure(input.type) ? Operand(input) : try bind(input, &bindings)
        let value = try inBody([translator.syntax.parameter: parameter], position) { () throws(Diagnostic) in
            try check(body)
        }
        if value.translation != nil { return value }
        var converted = value.expression
        if member.type == .string {
            converted = try text(value)
        } else {
            converted = try assignable(value, to: member.type, "the member '\(name)'")
        }
        if bindings.isEmpty {
            converted.position = position
            return Operand(converted)
        }
        return Operand(try wrap(converted, bindings, position))
    }

    /// `args[N]`
    func argument(_ keys: [ExpressionSyntax], _ position: SourcePosition) throws(Diagnostic) -> Operand {
        usesArguments = true
        guard keys.count == 1 else { throw Diagnostic("'args' takes one index", at: position, tag: .init("OP_ARRFUN")) }
        let index = try constant(keys[0], "the index of args")
        guard let signature else {
            throw Diagnostic(
                "the types of args[] are not known for \(clauseName)", at: position,
                advice: "name one kind of probe per clause; arg0 … arg9 have no types and can be used always",
                tag: .init("ARGS_MULTI"))
        }
        guard index >= 0, index < signature.arguments.count else {
            let count = signature.arguments.count
            throw Diagnostic(
                count == 0
                    ? "\(clauseName) has no args[]"
                    : "\(clauseName) has args[0] … args[\(count - 1)], not args[\(index)]", at: position,
                advice: count == 0 && !signature.words.isEmpty
                    ? "its values without types are arg0 … arg\(min(9, signature.words.count - 1))" : nil,
                tag: .init(count == 0 ? "ARGS_NONE" : "ARGS_IDX"))
        }
        let argument = signature.arguments[Int(index)]
        let input = try make(.input(argument.input), argument.type, at: position)
        guard let name = argument.translated else { return Operand(input) }
        try loadTranslators(name)
        let output = try typedef(name, position)
        guard let translator = translator(from: argument.type, to: output) else {
            throw Diagnostic(
                "there is no translator from '\(spelling(argument.type))' to '\(name)'", at: position,
                advice: "a library given with -L has replaced it, or this kernel's types lack it",
                tag: .init("XLATE_NONE"))
        }
        return Operand(
            try convert(input, to: translators[translator].input),
            translation: .init(translator: translator, output: output, isPointer: true))
    }
}
