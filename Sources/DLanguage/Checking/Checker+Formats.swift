extension Checker {
    /// The format, which must be a literal.
    private func format(_ syntax: ExpressionSyntax, _ action: String) throws(Diagnostic) -> [FormatParser.Piece] {
        guard case .text(let text) = syntax.form else {
            throw Diagnostic(
                "the format of \(action)() must be a string constant", at: syntax.position,
                advice: "as in \(action)(\"%s\\n\", …)", tag: .init("PRINTF_ARG_FMT"))
        }
        return try FormatParser.pieces(text, at: syntax.position)
    }

    func printf(
        _ arguments: [ExpressionSyntax], _ position: SourcePosition
    ) throws(Diagnostic) -> (Format, [TypedExpression]) {
        let raw = try format(arguments[0], "printf")
        var values: [TypedExpression] = []
        var next = 1
        func take(_ purpose: String) throws(Diagnostic) -> Operand {
            guard next < arguments.count else {
                throw Diagnostic(
                    "\(purpose) has no argument", at: position,
                    advice: "the format needs more arguments than the \(arguments.count - 1) that are given",
                    tag: .init("PRINTF_ARG_PROTO"))
            }
            next += 1
            return try check(arguments[next - 1])
        }
        func number(_ number: FormatParser.Number?, _ spelling: String) throws(Diagnostic) -> Format.Conversion.Number?
        {
            switch number {
            case nil: return nil
            case .fixed(let value): return .fixed(value)
            case .argument:
                let value = try integer(try take("the '*' of \(spelling)"), " for the '*' of \(spelling)")
                values.append(try convert(value, to: .int))
                return .argument(values.count - 1)
            }
        }
        var pieces: [Format.Piece] = []
        for piece in raw {
            switch piece {
            case .text(let text): pieces.append(.text(text))
            case .conversion(let raw):
                if raw.isAggregation {
                    throw Diagnostic(
                        "'\(raw.spelling)' is for printa()", at: arguments[0].position, tag: .init("PRINTF_AGG_CONV"))
                }
                let width = try number(raw.width, raw.spelling)
                let precision = try number(raw.precision, raw.spelling)
                let operand = try take("'\(raw.spelling)'")
                let (kind, value) = try converted(raw, operand)
                values.append(value)
                pieces.append(
                    .conversion(
                        .init(
                            flags: raw.flags, width: width, precision: precision, kind: kind,
                            size: printedSize(value.type), argument: values.count - 1)))
            }
        }
        guard next == arguments.count else {
            throw Diagnostic(
                "the format has no conversion for argument \(next + 1)", at: arguments[next].position,
                advice: "its conversions take \(next - 1)", tag: .init("PRINTF_ARG_EXTRA"))
        }
        return (Format(pieces), values)
    }

    func printedSize(_ type: DType) -> Int { type.isScalar ? size(type) ?? 8 : 0 }

    private func converted(
        _ raw: FormatParser.RawConversion, _ operand: Operand
    ) throws(Diagnostic) -> (Format.Conversion.Kind, TypedExpression) {
        var type = operand.type
        if operand.translation != nil { type = .void }
        if case .array = type, !type.isCharacters { type = .pointer(to: .void) }
        if "eEfgG".utf8.contains(raw.letter) {
            throw Diagnostic(
                "'\(raw.spelling)' prints floating-point numbers, which D does not compute", at: operand.position,
                advice: "%d prints an integer", tag: .init("PRINTF_ARG_TYPE"))
        }
        guard let kind = FormatParser.kind(raw.letter, type) else {
            let wanted =
                switch raw.letter {
                case UInt8(ascii: "s"), UInt8(ascii: "S"): "a string"
                case UInt8(ascii: "k"): "a stack"
                case UInt8(ascii: "p"), UInt8(ascii: "a"), UInt8(ascii: "A"): "an address"
                default: "an integer"
                }
            throw Diagnostic(
                "'\(raw.spelling)' prints \(wanted), not '\(spelling(operand.type))'", at: operand.position,
                advice: type.isText
                    ? "%s prints a string"
                    : type.integer != nil
                        ? "%d prints an integer"
                        : type.isPointer ? "%p prints a pointer, stringof(…) reads a text" : nil,
                tag: .init("PRINTF_ARG_TYPE"))
        }
        switch kind {
        case .text where !isComputed(type), .escapedText: return (kind, try text(operand))
        default: return (kind, type.isPointer ? try scalar(operand) : operand.expression)
        }
    }

    private func isComputed(_ type: DType) -> Bool {
        switch type {
        case .symbol, .stack: true
        default: false
        }
    }

    func printa(_ arguments: [ExpressionSyntax], _ position: SourcePosition) throws(Diagnostic) -> TypedStatement.Form {
        var rest = arguments[...]
        var raw: [FormatParser.Piece]?
        if case .text = arguments[0].form {
            raw = try format(arguments[0], "printa")
            rest.removeFirst()
        }
        guard !rest.isEmpty else {
            throw Diagnostic(
                "printa() needs an aggregation", at: position, advice: "as in printa(\"%s %@d\\n\", @name)",
                tag: .init("PRINTA_PROTO"))
        }
        let indices = try rest.map { (argument) throws(Diagnostic) in try aggregation(argument, .printa) }
        let keys = program.aggregations[indices[0]].keys
        for (index, argument) in zip(indices, rest) where !areAlike(program.aggregations[index].keys, keys) {
            throw Diagnostic(
                "aggregations of one printa() need the same keys", at: argument.position, tag: .init("PRINTA_AGGKEY"))
        }
        guard let raw else { return .printa(nil, indices) }
        return .printa(try aggregationFormat(raw, keys, indices, arguments[0].position), indices)
    }

    private func areAlike(_ one: [DType], _ other: [DType]) -> Bool {
        one.count == other.count && zip(one, other).allSatisfy { $0 == $1 || $0.isText && $1.isText }
    }

    private func aggregationFormat(
        _ raw: [FormatParser.Piece], _ keys: [DType], _ aggregations: [Int], _ position: SourcePosition
    ) throws(Diagnostic) -> Format {
        var pieces: [Format.Piece] = []
        var key = 0
        var value = 0
        for piece in raw {
            guard case .conversion(let raw) = piece else {
                if case .text(let text) = piece { pieces.append(.text(text)) }
                continue
            }
            func fixed(_ number: FormatParser.Number?) throws(Diagnostic) -> Format.Conversion.Number? {
                if case .argument? = number {
                    throw Diagnostic("printa() has no arguments for '*' in '\(raw.spelling)'", at: position)
                }
                if case .fixed(let value)? = number { return .fixed(value) }
                return nil
            }
            var conversion = Format.Conversion(
                flags: raw.flags, width: try fixed(raw.width), precision: try fixed(raw.precision), kind: .text,
                argument: key, isAggregation: raw.isAggregation)
            if raw.isAggregation {
                let aggregation = program.aggregations[aggregations[min(value, aggregations.count - 1)]]
                let type: DType = aggregation.isSigned ? .long : .unsignedLong
                guard let kind = FormatParser.kind(raw.letter, type) else {
                    throw Diagnostic(
                        "'\(raw.spelling)' does not print the value of an aggregation", at: position,
                        advice: "%@d does", tag: .init("PRINTF_AGG_CONV"))
                }
                (conversion.kind, conversion.size) = (kind, 8)
                conversion.argument = min(value, aggregations.count - 1)
                value += 1
            } else {
                guard key < keys.count else {
                    throw Diagnostic(
                        "'\(raw.spelling)' has no key", at: position,
                        advice:
                            "the aggregation has \(keys.count) \(keys.count == 1 ? "key" : "keys"); %@d prints its value",
                        tag: .init("PRINTF_ARG_PROTO"))
                }
                guard let kind = FormatParser.kind(raw.letter, keys[key]) else {
                    throw Diagnostic(
                        "'\(raw.spelling)' does not print key \(key + 1), which is of type '\(spelling(keys[key]))'",
                        at: position, tag: .init("PRINTF_ARG_TYPE"))
                }
                (conversion.kind, conversion.size) = (kind, printedSize(keys[key]))
                key += 1
            }
            pieces.append(.conversion(conversion))
        }
        return Format(pieces)
    }
}
