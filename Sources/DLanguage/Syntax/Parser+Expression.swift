extension Parser {
    /// `assign { ',' assign }`
    mutating func expression() throws(Diagnostic) -> ExpressionSyntax {
        let first = try assignment()
        guard isSign(",") else { return first }
        var parts = [first]
        while try take(",") { parts.append(try assignment()) }
        return try node(.comma(parts), at: first.position, parts)
    }

    private static let assignments: [String: BinaryOperator] = [
        "+=": .add, "-=": .subtract, "*=": .multiply, "/=": .divide, "%=": .remainder, "&=": .and, "^=": .xor,
        "|=": .or, "<<=": .shiftLeft, ">>=": .shiftRight,
    ]

    mutating func assignment() throws(Diagnostic) -> ExpressionSyntax {
        try nested { (parser: inout Parser) throws(Diagnostic) in
            let target = try parser.conditional()
            guard case .sign(let sign) = parser.token.kind, sign == "=" || Self.assignments[sign] != nil else {
                return target
            }
            let position = parser.token.position
            if case .name(let name) = target.form { parser.declaredValues.insert(name) }
            try parser.advance()
            let value = try parser.assignment()
            return try parser.node(.assign(Self.assignments[sign], target, value), at: position, [target, value])
        }
    }

    private mutating func conditional() throws(Diagnostic) -> ExpressionSyntax {
        let condition = try binary(0)
        guard isSign("?") else { return condition }
        let position = token.position
        try advance()
        let yes = try nested { (parser: inout Parser) throws(Diagnostic) in try parser.expression() }
        try expect(":", "in the conditional expression")
        let no = try nested { (parser: inout Parser) throws(Diagnostic) in try parser.conditional() }
        return try node(.conditional(condition, yes, no), at: position, [condition, yes, no])
    }

    /// From the weakest to the strongest.
    private static let levels: [[String]] = [
        ["||"], ["^^"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", "<=", ">", ">="], ["<<", ">>"], ["+", "-"],
        ["*", "/", "%"],
    ]

    private static let strength: [String: Int] = Dictionary(
        uniqueKeysWithValues: levels.enumerated().flatMap { level, signs in signs.map { ($0, level) } })

    /// Operators of this level and stronger ones; all of them associate to the left.
    private mutating func binary(_ level: Int) throws(Diagnostic) -> ExpressionSyntax {
        var left = try cast()
        while case .sign(let sign) = token.kind, let found = Self.strength[sign], found >= level {
            let position = token.position
            try advance()
            let right = try nested { (parser: inout Parser) throws(Diagnostic) in try parser.binary(found + 1) }
            let form: ExpressionSyntax.Form =
                if let operation = LogicalOperator(rawValue: sign) {
                    .logical(operation, left, right)
                } else {
                    .binary(BinaryOperator(rawValue: sign) ?? .add, left, right)
                }
            left = try node(form, at: position, [left, right])
        }
        return left
    }

    func node(
        _ form: ExpressionSyntax.Form, at position: SourcePosition, _ parts: [ExpressionSyntax] = []
    ) throws(Diagnostic) -> ExpressionSyntax {
        let depth = 1 + (parts.map(\.depth).max() ?? 0)
        guard depth <= Self.maximumDepth else { throw tooDeep(position) }
        return ExpressionSyntax(form: form, position: position, depth: depth)
    }

    private mutating func cast() throws(Diagnostic) -> ExpressionSyntax {
        guard isSign("("), try followsType() else { return try unary() }
        let position = token.position
        try advance()
        let type = try typeName()
        try expect(")", "after the type")
        let operand = try nested { (parser: inout Parser) throws(Diagnostic) in try parser.cast() }
        return try node(.cast(type, operand), at: position, [operand])
    }

    /// Whether the token after this one begins a type.
    private func followsType() throws(Diagnostic) -> Bool {
        guard case .name(let name) = try following().kind else { return false }
        return isTypeName(name)
    }

    private mutating func unary() throws(Diagnostic) -> ExpressionSyntax {
        let position = token.position
        switch token.kind {
        case .sign(let sign) where ["++", "--"].contains(sign):
            try advance()
            let operand = try nested { (parser: inout Parser) throws(Diagnostic) in try parser.unary() }
            return try node(
                .increment(operand, sign == "++" ? .add : .subtract, isPrefix: true), at: position, [operand])
        case .sign(let sign) where ["&", "*", "+", "-", "~", "!"].contains(sign):
            try advance()
            let operand = try nested { (parser: inout Parser) throws(Diagnostic) in try parser.cast() }
            let form: ExpressionSyntax.Form =
                switch sign {
                case "&": .addressOf(operand)
                case "*": .dereference(operand)
                case "+": .plus(operand)
                default: .unary(UnaryOperator(rawValue: sign) ?? .not, operand)
                }
            return try node(form, at: position, [operand])
        case .name("sizeof"):
            try advance()
            if isSign("("), try followsType() {
                try advance()
                let type = try typeName()
                try expect(")", "after the type")
                return try node(.sizeofType(type), at: position)
            }
            let operand = try nested { (parser: inout Parser) throws(Diagnostic) in try parser.unary() }
            return try node(.sizeofValue(operand), at: position, [operand])
        case .name("stringof"):
            try advance()
            let operand = try nested { (parser: inout Parser) throws(Diagnostic) in try parser.unary() }
            return try node(.stringof(operand), at: position, [operand])
        default: return try postfix()
        }
    }

    private mutating func postfix() throws(Diagnostic) -> ExpressionSyntax {
        var value = try primary()
        while case .sign(let sign) = token.kind {
            let position = token.position
            switch sign {
            case "[":
                let keys = try list(until: "]")
                value = try node(.index(value, keys), at: position, [value] + keys)
            case "(":
                let arguments = try list(until: ")")
                value = try node(.call(value, arguments), at: value.position, [value] + arguments)
            case ".", "->":
                try advance()
                let place = token.position
                let member = try memberName()
                value = try node(.member(value, member, isArrow: sign == "->"), at: place, [value])
            case "++", "--":
                try advance()
                value = try node(
                    .increment(value, sign == "++" ? .add : .subtract, isPrefix: false), at: position, [value])
            default: return value
            }
        }
        return value
    }

    private mutating func memberName() throws(Diagnostic) -> String {
        guard case .name(let name) = token.kind else { throw unexpected("the name of a member") }
        try advance()
        return name
    }

    /// Arguments or keys, with their brackets.
    private mutating func list(until end: String) throws(Diagnostic) -> [ExpressionSyntax] {
        try advance()
        var values: [ExpressionSyntax] = []
        if try take(end) { return values }
        repeat {
            values.append(try assignment())
        } while try take(",")
        try expect(end, "or ',' in the list")
        return values
    }
}
