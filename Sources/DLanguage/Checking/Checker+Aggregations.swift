extension Checker {
    /// `@name[keys] = function(…)`. Nil: the target is no aggregation.
    func aggregate(
        _ operation: BinaryOperator?, _ target: ExpressionSyntax, _ value: ExpressionSyntax, _ position: SourcePosition
    ) throws(Diagnostic) -> AggregationUpdate? {
        let name: String
        let keySyntax: [ExpressionSyntax]
        switch target.form {
        case .aggregation(let found): (name, keySyntax) = (found, [])
        case .index(let base, let keys):
            guard case .aggregation(let found) = base.form else { return nil }
            (name, keySyntax) = (found, keys)
            guard !keys.isEmpty else {
                throw Diagnostic("the aggregation has empty brackets", at: target.position, tag: .init("SYNTAX"))
            }
        default: return nil
        }
        guard operation == nil else {
            throw Diagnostic(
                "only '=' assigns an aggregation", at: position, advice: "as in @name[keys] = sum(x);",
                tag: .init("AGG_COM"))
        }
        guard case .call(let called, let arguments) = value.form, case .name(let word) = called.form,
            let function = AggregationFunction(rawValue: word)
        else {
            throw Diagnostic(
                "an aggregation is assigned by an aggregating function", at: value.position,
                advice: "these are " + AggregationFunction.allCases.map { "\($0)()" }.joined(separator: ", "),
                tag: .init("AGG_FUNC"))
        }
        guard function.arguments.contains(arguments.count) else {
            throw Diagnostic(
                "\(word)() takes \(Self.count(function.arguments.lowerBound, function.arguments.upperBound)), "
                    + "not \(arguments.count)", at: value.position, tag: .init("PROTO_LEN"))
        }
        let kind = try kind(function, arguments, value.position)
        let input = try arguments.first.map { (argument) throws(Diagnostic) in
            try integer(try check(argument), " by \(word)()")
        }
        let keys = try keySyntax.map { (key) throws(Diagnostic) in try check(key) }
        let index = try aggregation(name, kind, keys, isSigned: input?.type.integer?.isSigned ?? false, target.position)
        let aggregation = program.aggregations[index]
        let wide: DType = aggregation.isSigned ? .long : .unsignedLong
        return AggregationUpdate(
            aggregation: index,
            keys: try self.keys(
                keys, as: aggregation.keys, of: "@\(name)", "@\(name == "_" ? "" : name)", target.position),
            value: try input.map { (input) throws(Diagnostic) in try convert(input, to: wide) },
            increment: try increment(function, arguments))
    }

    private func increment(
        _ function: AggregationFunction, _ arguments: [ExpressionSyntax]
    ) throws(Diagnostic) -> TypedExpression? {
        let place = [.quantize: 1, .lquantize: 4, .llquantize: 5][function] ?? arguments.count
        guard place < arguments.count else { return nil }
        return try convert(try integer(try check(arguments[place]), " by \(function)()"), to: .long)
    }

    private func aggregation(
        _ name: String, _ function: Aggregation.Function, _ keys: [Operand], isSigned: Bool,
        _ position: SourcePosition
    ) throws(Diagnostic) -> Int {
        let shown = name == "_" ? "@" : "@\(name)"
        if let index = aggregations[name] {
            let known = program.aggregations[index]
            guard known.function == function else {
                throw Diagnostic(
                    "\(shown) is assigned by \(known.function.spelling), and here by \(function.spelling)",
                    at: position,
                    advice: "give this one another name", tag: Self.redefinition(known.function, function))
            }
            return index
        }
        guard program.aggregations.count < Self.maximumVariables else {
            throw Diagnostic("the program has more than \(Self.maximumVariables) aggregations", at: position)
        }
        var types: [DType] = []
        for (index, key) in keys.enumerated() {
            let type = try keyType(key)
            types.append(type == .string && knowledge.isAddress("@\(name)#\(index)") ? .addressText : type)
        }
        program.aggregations.append(
            Aggregation(name: name, function: function, keys: types, isSigned: isSigned, position: position))
        aggregations[name] = program.aggregations.count - 1
        return program.aggregations.count - 1
    }

    /// Distributions that differ in their arguments alone have errors of their own.
    private static func redefinition(_ known: Aggregation.Function, _ new: Aggregation.Function) -> ErrorTag {
        switch (known, new) {
        case (.linear(let low, let high, _), .linear(let otherLow, let otherHigh, _)):
            ErrorTag("LQUANT_MATCH" + (low != otherLow ? "BASE" : high != otherHigh ? "LIM" : "STEP"))
        case (
            .logarithmic(let factor, let low, let high, _),
            .logarithmic(let otherFactor, let otherLow, let otherHigh, _)
        ):
            ErrorTag(
                "LLQUANT_"
                    + (factor != otherFactor
                        ? "FACTOR" : low != otherLow ? "LOW" : high != otherHigh ? "HIGH" : "NSTEP") + "MATCH")
        default: ErrorTag("AGG_REDEF")
        }
    }

    private func kind(
        _ function: AggregationFunction, _ arguments: [ExpressionSyntax], _ position: SourcePosition
    ) throws(Diagnostic) -> Aggregation.Function {
        switch function {
        case .count: return .count
        case .sum: return .sum
        case .avg: return .average
        case .min: return .minimum
        case .max: return .maximum
        case .stddev: return .deviation
        case .quantize: return .quantize
        case .lquantize:
            let low = try bound(arguments[1], "the lower bound of lquantize()")
            let high = try bound(arguments[2], "the upper bound of lquantize()")
            let step = try arguments.count > 3 ? bound(arguments[3], "the step of lquantize()") : 1
            guard low < high else {
                throw Diagnostic(
                    "the upper bound of lquantize() must be above the lower one", at: arguments[2].position,
                    tag: .init("LQUANT_MISMATCH"))
            }
            guard step > 0 else {
                throw Diagnostic("the step of lquantize() must be positive", at: position, tag: .init("LQUANT_STEPVAL"))
            }
            guard step <= high - low else {
                throw Diagnostic(
                    "the step of lquantize() is larger than its range", at: position, tag: .init("LQUANT_STEPLARGE"))
            }
            guard (high - low + step - 1) / step <= 65535, step <= 65535 else {
                throw Diagnostic(
                    "lquantize() would have more than 65535 rows", at: position, advice: "choose a larger step",
                    tag: .init("LQUANT_STEPSMALL"))
            }
            return .linear(low: low, high: high, step: step)
        case .llquantize: return try logarithmic(arguments, position)
        }
    }

    /// A bound has 32 bits.
    private func bound(_ syntax: ExpressionSyntax, _ what: String) throws(Diagnostic) -> Int64 {
        let value = try constant(syntax, what)
        guard value == Int64(Int32(truncatingIfNeeded: value)) else {
            throw Diagnostic(
                "\(what) does not fit in 32 bits", at: syntax.position, tag: Self.constantTag(what, isValue: true))
        }
        return value
    }

    private func logarithmic(
        _ arguments: [ExpressionSyntax], _ position: SourcePosition
    ) throws(Diagnostic) -> Aggregation.Function {
        let names = ["the factor", "the low magnitude", "the high magnitude", "the number of steps"]
        var values: [Int64] = []
        for (argument, name) in zip(arguments.dropFirst(), names) {
            let value = try constant(argument, "\(name) of llquantize()")
            guard value >= 0, value <= 65535 else {
                throw Diagnostic(
                    "\(name) of llquantize() must be between 0 and 65535", at: argument.position,
                    tag: Self.constantTag(name + " of llquantize()", isValue: true))
            }
            values.append(value)
        }
        let (factor, low, high, steps) = (values[0], values[1], values[2], values[3])
        guard factor >= 2 else {
            throw Diagnostic(
                "the factor of llquantize() must be 2 or more", at: arguments[1].position,
                tag: .init("LLQUANT_FACTORSMALL"))
        }
        guard low < high else {
            throw Diagnostic(
                "the high magnitude of llquantize() must be above the low one", at: arguments[3].position,
                tag: .init("LLQUANT_MAGRANGE"))
        }
        guard steps > 0, steps >= factor ? steps % factor == 0 : factor % steps == 0 else {
            throw Diagnostic(
                "the steps of llquantize() must divide the factor, or be a multiple of it", at: arguments[4].position,
                tag: .init("LLQUANT_FACTOREVEN"))
        }
        var power: Int64 = 1
        for _ in 0...high {
            let (product, overflows) = power.multipliedReportingOverflow(by: factor)
            guard !overflows else {
                throw Diagnostic(
                    "\(factor) to the power of \(high + 1) does not fit in 64 bits", at: arguments[3].position,
                    tag: .init("LLQUANT_MAGTOOBIG"))
            }
            power = product
        }
        // Rows of a magnitude are whole numbers wide, except that low ones may repeat.
        guard steps * (high - low + 1) <= 65535 else {
            throw Diagnostic(
                "llquantize() would have more than 65535 rows", at: position, advice: "choose fewer steps",
                tag: .init("LLQUANT_NSTEPVAL"))
        }
        return .logarithmic(factor: factor, low: low, high: high, steps: steps)
    }
}

extension Aggregation.Function {
    /// As a program writes it.
    public var spelling: String {
        switch self {
        case .count: "count()"
        case .sum: "sum()"
        case .average: "avg()"
        case .minimum: "min()"
        case .maximum: "max()"
        case .deviation: "stddev()"
        case .quantize: "quantize()"
        case .linear(let low, let high, let step): "lquantize(…, \(low), \(high), \(step))"
        case .logarithmic(let factor, let low, let high, let steps):
            "llquantize(…, \(factor), \(low), \(high), \(steps))"
        }
    }
}
