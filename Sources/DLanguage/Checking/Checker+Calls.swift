extension Checker {
    func call(
        _ function: ExpressionSyntax, _ arguments: [ExpressionSyntax], _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        guard case .name(let name) = function.form else {
            throw Diagnostic("only functions of D can be called", at: position, tag: .init("FUNC_IDENT"))
        }
        if name == "stack" { return try stack(arguments, position) }
        guard let subroutine = Subroutine(rawValue: name), let signature = SubroutineSignature.all[subroutine] else {
            throw notAFunction(name, position)
        }
        if [.copyout, .copyoutstr].contains(subroutine), !program.options.destructive {
            throw Self.destructive(name, position)
        }
        let least = signature.parameters.count - signature.optional
        guard arguments.count >= least, arguments.count <= signature.parameters.count else {
            throw Diagnostic(
                "\(name)() takes \(Self.count(least, signature.parameters.count)), not \(arguments.count)",
                at: position, tag: .init("PROTO_LEN"))
        }
        var values: [TypedExpression] = []
        for (index, (parameter, argument)) in zip(signature.parameters, arguments).enumerated() {
            let value = try check(argument)
            // strtok(NULL, …) goes on with the text of the call before.
            if subroutine == .strtok, index == 0, value.isNull {
                values.append(value.expression)
                continue
            }
            values.append(try self.argument(value, parameter, " as argument \(index + 1) of \(name)()"))
        }
        if let folded = Self.swapped(subroutine, values) {
            return Operand(try make(.constant(folded), signature.result, at: position))
        }
        return Operand(try make(.call(subroutine, values), signature.result, at: position))
    }

    private func argument(
        _ operand: Operand, _ parameter: SubroutineSignature.Parameter, _ purpose: String
    ) throws(Diagnostic) -> TypedExpression {
        switch parameter {
        case .text: return try string(operand, purpose)
        case .integer(let type): return try convert(try integer(operand, purpose), to: type)
        case .address:
            return try convert(try scalar(operand, purpose), to: .unsignedLong)
        case .pointer:
            let value = try scalar(operand, purpose)
            guard value.type.isPointer else {
                throw Diagnostic(
                    "a pointer is needed\(purpose), not '\(spelling(operand.type))'", at: operand.position,
                    advice: "& makes a pointer to a member: &header->saddr", tag: .init("PROTO_ARG"))
            }
            return value
        }
    }

    static func count(_ least: Int, _ most: Int) -> String {
        let noun = most == 1 ? "argument" : "arguments"
        return least == most ? (most == 0 ? "no arguments" : "\(most) \(noun)") : "\(least) to \(most) \(noun)"
    }

    /// Byte orders of constants.
    private static func swapped(_ subroutine: Subroutine, _ values: [TypedExpression]) -> UInt64? {
        guard let value = values.first?.constant, values.count == 1 else { return nil }
        switch subroutine {
        case .htons, .ntohs: return UInt64(UInt16(truncatingIfNeeded: value).bigEndian)
        case .htonl, .ntohl: return UInt64(UInt32(truncatingIfNeeded: value).bigEndian)
        case .htonll, .ntohll: return value.bigEndian
        default: return nil
        }
    }

    /// `stack([frames])` as a key or argument.
    private func stack(_ arguments: [ExpressionSyntax], _ position: SourcePosition) throws(Diagnostic) -> Operand {
        let frames = try frames(arguments, position)
        return Operand(try make(.call(.stack, []), .stack(frames: frames), at: position))
    }

    func frames(_ arguments: [ExpressionSyntax], _ position: SourcePosition) throws(Diagnostic) -> Int {
        guard arguments.count <= 1 else {
            throw Diagnostic(
                "stack() takes 0 to 1 argument, not \(arguments.count)", at: position, tag: .init("STACK_PROTO"))
        }
        guard let argument = arguments.first else { return min(max(1, program.options.stackframes), 127) }
        let frames = try constant(argument, "the number of frames")
        guard frames > 0 else {
            throw Diagnostic("the number of frames must be positive", at: argument.position, tag: .init("STACK_SIZE"))
        }
        return min(Int(frames), 127)
    }

    private func notAFunction(_ name: String, _ position: SourcePosition) -> Diagnostic {
        if StandardTypes.userSpace.contains(name) {
            return Diagnostic(
                "\(name)() is about user space", at: position,
                advice: "nettrace traces the kernel only: stack() prints its stack", tag: .init("FUNC_UNDEF"))
        }
        if ActionName(rawValue: name) != nil {
            return Diagnostic(
                "\(name)() is an action and has no value", at: position, advice: "it is a statement of its own",
                tag: .init("IDENT_BADREF"))
        }
        if AggregationFunction(rawValue: name) != nil {
            return Diagnostic(
                "\(name)() aggregates", at: position, advice: "assign it to an aggregation: @name[keys] = \(name)(…);",
                tag: .init("AGG_FUNC"))
        }
        let known =
            Subroutine.allCases.map(\.rawValue) + ActionName.allCases.map(\.rawValue)
            + AggregationFunction.allCases.map(\.rawValue)
        return Diagnostic(
            "there is no function '\(name)'", at: position, advice: Self.near(name, known), tag: .init("FUNC_UNDEF"))
    }

    static func destructive(_ name: String, _ position: SourcePosition) -> Diagnostic {
        Diagnostic(
            "\(name)() changes the system", at: position,
            advice: "-w or '#pragma D option destructive' allows it", tag: .init("UNKNOWN"))
    }
}
