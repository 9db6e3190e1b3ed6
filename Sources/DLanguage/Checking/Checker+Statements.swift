extension Checker {
    func statement(_ syntax: ExpressionSyntax, _ order: inout ActionOrder) throws(Diagnostic) -> TypedStatement {
        let position = syntax.position
        switch syntax.form {
        case .call(let function, let arguments):
            if case .name(let name) = function.form, let action = ActionName(rawValue: name) {
                try order.add(action, position)
                return TypedStatement(try self.action(action, arguments, position), at: position)
            }
        case .assign(let operation, let target, let value):
            if let update = try aggregate(operation, target, value, position) {
                try order.addAggregation(position)
                return TypedStatement(.aggregate(update), at: position)
            }
        default:
            guard Self.isAggregation(syntax) else { break }
            throw Diagnostic(
                "the statement has no effect", at: position,
                advice: "an aggregation is assigned: @name[keys] = count();", tag: .init("AGG_NULL"))
        }
        return TypedStatement(.evaluate(try check(syntax).expression), at: position)
    }

    private func action(
        _ action: ActionName, _ arguments: [ExpressionSyntax], _ position: SourcePosition
    ) throws(Diagnostic) -> TypedStatement.Form {
        let allowed = action.arguments
        guard allowed.contains(arguments.count) else {
            throw Diagnostic(
                "\(action)() takes \(Self.count(allowed.lowerBound, allowed.upperBound)), not \(arguments.count)",
                at: position, tag: action.countTag)
        }
        if action.isDestructive, !program.options.destructive {
            throw Self.destructive(action.rawValue, position)
        }
        switch action {
        case .trace: return .trace(try traced(try check(arguments[0])))
        case .print: return .print(try printed(try check(arguments[0])))
        case .printf:
            let (format, values) = try printf(arguments, position)
            return .printf(format, values)
        case .freopen, .system:
            let (format, values) = try printf(arguments, position)
            return action == .system ? .system(format, values) : .freopen(format, values)
        case .printa: return try printa(arguments, position)
        case .tracemem: return try tracemem(arguments)
        case .stack: return .stack(frames: try frames(arguments, position))
        case .exit:
            return .exit(
                try convert(try integer(try check(arguments[0]), " by exit()", tag: .init("PROTO_ARG")), to: .int))
        case .speculate: return .speculate(try speculation(arguments[0], action))
        case .commit: return .commit(try speculation(arguments[0], action))
        case .discard: return .discard(try speculation(arguments[0], action))
        case .clear: return .clear(try aggregation(arguments[0], action))
        case .denormalize: return .denormalize(try aggregation(arguments[0], action))
        case .trunc:
            let index = try aggregation(arguments[0], action)
            guard arguments.count == 2 else { return .trunc(index, nil) }
            return .trunc(
                index,
                try convert(try integer(try check(arguments[1]), " by trunc()", tag: .init("TRUNC_SCALAR")), to: .long))
        case .normalize:
            let index = try aggregation(arguments[0], action)
            return .normalize(index, try normal(arguments[1]))
        case .setopt: return try setopt(arguments)
        case .ftruncate: return .ftruncate
        case .stop: return .stop
        case .panic: return .panic
        case .breakpoint: return .breakpoint
        case .raise: return .raise(try convert(try integer(try check(arguments[0]), " by raise()"), to: .int))
        case .chill: return .chill(try convert(try integer(try check(arguments[0]), " by chill()"), to: .unsignedLong))
        case .pcap:
            let packet = try scalar(try check(arguments[0]), " by pcap()")
            guard packet.type.isPointer else {
                throw Diagnostic("pcap() takes a struct sk_buff * and the name of a file", at: arguments[0].position)
            }
            return .pcap(packet, name: try string(try check(arguments[1]), " by pcap()"))
        }
    }

    private func traced(_ operand: Operand) throws(Diagnostic) -> TypedExpression {
        if let translation = operand.translation {
            throw Diagnostic(
                "a translated \(spelling(translation.output)) cannot be traced", at: operand.position,
                advice: "trace one of its members", tag: .init("TRACE_DYN"))
        }
        let value = operand.expression
        if isArray(value.type), value.type.isCharacters { return try text(operand) }
        guard value.type != .void, size(value.type) != nil else {
            throw Diagnostic("trace() needs a value, and this has none", at: operand.position, tag: .init("TRACE_VOID"))
        }
        return value
    }

    private func printed(_ operand: Operand) throws(Diagnostic) -> TypedExpression {
        guard operand.translation == nil, operand.type != .void, size(operand.type) != nil else {
            throw Diagnostic(
                "print() needs a value with a type of its own", at: operand.position, tag: .init("PRINT_VOID"))
        }
        return operand.expression
    }

    private func tracemem(_ arguments: [ExpressionSyntax]) throws(Diagnostic) -> TypedStatement.Form {
        let address = try scalar(try check(arguments[0]), " by tracemem()", tag: .init("TRACEMEM_ADDR"))
        let size = try constant(arguments[1], "the size of tracemem()")
        guard size > 0, size <= 1 << 16 else {
            throw Diagnostic(
                "tracemem() takes 1 to 65536 bytes, not \(size)", at: arguments[1].position, tag: .init("TRACEMEM_SIZE")
            )
        }
        let length =
            try arguments.count == 3
            ? convert(try integer(try check(arguments[2]), " by tracemem()"), to: .unsignedLong) : nil
        return .tracemem(try convert(address, to: .pointer(to: .void)), size: Int(size), length: length)
    }

    private func speculation(
        _ argument: ExpressionSyntax, _ action: ActionName
    ) throws(Diagnostic) -> TypedExpression {
        try convert(try integer(try check(argument), " by \(action)()"), to: .int)
    }

    private func normal(_ argument: ExpressionSyntax) throws(Diagnostic) -> TypedExpression {
        let value = try convert(
            try integer(try check(argument), " by normalize()", tag: .init("NORMALIZE_SCALAR")), to: .unsignedLong)
        if value.constant == 0 {
            throw Diagnostic("normalize() by zero", at: argument.position, tag: .init("NORMALIZE_SCALAR"))
        }
        return value
    }

    private func setopt(_ arguments: [ExpressionSyntax]) throws(Diagnostic) -> TypedStatement.Form {
        var words: [String] = []
        for argument in arguments {
            guard case .text(let text) = argument.form else {
                throw Diagnostic("setopt() takes string constants", at: argument.position, tag: .init("PROTO_ARG"))
            }
            words.append(String(decoding: text, as: UTF8.self))
        }
        var options = program.options
        try options.set(words[0], words.count == 2 ? words[1] : nil, at: arguments[0].position, by: .setopt)
        return .setopt(name: words[0], value: words.count == 2 ? words[1] : nil)
    }

    /// An aggregation as an argument: `@name` without keys.
    func aggregation(_ syntax: ExpressionSyntax, _ action: ActionName) throws(Diagnostic) -> Int {
        switch syntax.form {
        case .aggregation(let name):
            guard let index = aggregations[name] else {
                throw Diagnostic(
                    "there is no aggregation '@\(name == "_" ? "" : name)'", at: syntax.position,
                    advice: Self.near(name, aggregations.keys, prefix: "@")
                        ?? "an aggregation exists from its first '=' on, in the order of the text",
                    tag: .init("\(action.rawValue.uppercased())_AGGBAD"))
            }
            return index
        default:
            if Self.isAggregation(syntax) {
                throw Diagnostic(
                    "\(action)() takes a whole aggregation", at: syntax.position, advice: "write @name without keys",
                    tag: .init("\(action.rawValue.uppercased())_AGGARG"))
            }
            throw Diagnostic(
                "\(action)() takes an aggregation, such as @name", at: syntax.position,
                tag: .init("\(action.rawValue.uppercased())_AGGARG"))
        }
    }
}
