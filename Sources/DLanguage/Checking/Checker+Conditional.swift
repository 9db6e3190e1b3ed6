extension Checker {
    func conditional(
        _ condition: ExpressionSyntax, _ yes: ExpressionSyntax, _ no: ExpressionSyntax, _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        let test = try self.condition(try check(condition), " of '?:'")
        let one = try check(yes)
        let other = try check(no)
        // Only the side that is evaluated counts, except for the type.
        var (first, second) = try branches(one, other, position)
        if let constant = test.constant { return Operand(constant != 0 ? first : second) }
        let type = first.type
        if type.isScalar { (first, second) = (try convert(first, to: type), try convert(second, to: type)) }
        let result = try make(.conditional(test, then: first, otherwise: second), type, at: position)
        return Operand(TextChain(result).map { $0.picked(at: position) } ?? result)
    }

    /// The two results in their common type.
    private func branches(
        _ one: Operand, _ other: Operand, _ position: SourcePosition
    ) throws(Diagnostic) -> (TypedExpression, TypedExpression) {
        if one.type.isText || other.type.isText {
            let empty = Operand(try make(.text([]), .string, at: position))
            let (one, other) = (one.isNull ? empty : one, other.isNull ? empty : other)
            guard one.type.isText || one.type.isCharacters, other.type.isText || other.type.isCharacters else {
                throw differing(one, other, position)
            }
            let (first, second) = (try text(one), try text(other))
            let isAddress = first.type == .addressText || second.type == .addressText
            if isAddress, let first = try addressText(first), let second = try addressText(second) {
                return (first, second)
            }
            return (try string(first), try string(second))
        }
        if case .structure = one.type, one.type == other.type, one.translation == nil, other.translation == nil {
            return (one.expression, other.expression)
        }
        if one.type == .void, other.type == .void { return (one.expression, other.expression) }
        guard one.type != .void, other.type != .void else { throw differing(one, other, position) }
        let first = try scalar(one)
        let second = try scalar(other)
        if let left = first.type.integer, let right = second.type.integer {
            let type: DType = first.type == second.type ? first.type : .integer(Self.promoted(left, right))
            return (try convert(first, to: type), try convert(second, to: type))
        }
        if first.constant == 0 || first.type.target == .void, second.type.isPointer {
            return (try convert(first, to: second.type), second)
        }
        guard second.constant == 0 || arePointersCompatible(first.type.target ?? .function, second.type.target) else {
            throw differing(one, other, position)
        }
        return (first, try convert(second, to: first.type))
    }

    private func differing(_ one: Operand, _ other: Operand, _ position: SourcePosition) -> Diagnostic {
        Diagnostic(
            "the two results of '?:' have different types: '\(spelling(one.type))' and '\(spelling(other.type))'",
            at: position, tag: .init("OP_INCOMPAT"))
    }
}

/// `x == 1 ? "one" : x == 2 ? "two" : … : "many"`: a table of texts.
struct TextChain {
    let subject: TypedExpression
    private(set) var texts: [Int: [UInt8]] = [:]
    private(set) var otherwise: [UInt8] = []
    static let least = 6

    /// Nil: another expression, or too few texts.
    init?(_ expression: TypedExpression) {
        var rest = expression
        guard case .conditional(let test, _, _) = rest.form, let (subject, _) = Self.comparison(test) else {
            return nil
        }
        guard subject.isTrivial else { return nil }
        self.subject = subject
        while case .conditional(let test, let text, let next) = rest.form {
            guard let (other, number) = Self.comparison(test), other == subject, let text = text.literal else {
                return nil
            }
            // The first of equal numbers counts.
            if texts[number] == nil { texts[number] = text }
            rest = next
        }
        switch rest.form {
        case .text(let text) where rest.type == .string: otherwise = text
        case .pick(subject, let more, let last):
            guard let last = last.literal else { return nil }
            otherwise = last
            for (number, text) in more.enumerated() where texts[number] == nil { texts[number] = text }
        default: return nil
        }
        guard texts.count >= Self.least else { return nil }
    }

    func picked(at position: SourcePosition) -> TypedExpression {
        let table = (0...(texts.keys.max() ?? 0)).map { texts[$0] ?? otherwise }
        let last = TypedExpression(.text(otherwise), .string, at: position)
        return TypedExpression(.pick(subject, from: table, otherwise: last), .string, at: position)
    }

    private static func comparison(_ test: TypedExpression) -> (subject: TypedExpression, number: Int)? {
        guard case .binary(.equal, let subject, let constant) = test.form, let number = constant.constant, number < 256
        else { return nil }
        return (withoutPosition(subject), Int(number))
    }

    /// For comparisons; of trivial expressions.
    private static func withoutPosition(_ expression: TypedExpression) -> TypedExpression {
        var expression = expression
        expression.position = .none
        if case .convert(let inner) = expression.form { expression.form = .convert(withoutPosition(inner)) }
        return expression
    }
}
