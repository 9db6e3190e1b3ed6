import Protocols

/// Tokens → a tree, with the operators of C by precedence. An operator that is missing between two operands is inserted:
/// `==` after a value, otherwise `&&`.
struct FilterParser {
    let source: String
    let state: ParserState
    let tokens: [FilterToken]
    var position = 0
    /// The headers that paths begin with inside a macro; nil outside of macros.
    let enclosing: HeaderPath?
    /// The packet that paths mean which begin with no prefix.
    let base: HeaderPath.Base
    /// The scope of unqualified names: the last protocol to the left.
    var left: FilterScope?
    var depth: Int

    init(_ source: String, _ state: ParserState) throws(FilterError) {
        guard source.utf8.count <= FilterMacros.textLimit else {
            throw FilterError("a filter has at most \(FilterMacros.textLimit) bytes", "", at: 0)
        }
        try self.init(source, state, enclosing: nil, base: .depth(0), left: nil, depth: 0)
    }

    init(
        _ source: String, _ state: ParserState, enclosing: HeaderPath?, base: HeaderPath.Base, left: FilterScope?,
        depth: Int
    ) throws(FilterError) {
        self.source = source
        self.state = state
        tokens = try FilterLexer.tokens(source)
        self.enclosing = enclosing
        self.base = base
        self.left = left
        self.depth = depth
    }

    var token: FilterToken { tokens[min(position, tokens.count - 1)] }

    func error(_ message: String, at token: FilterToken? = nil) -> FilterError {
        FilterError(message, source, at: (token ?? self.token).range.lowerBound)
    }

    mutating func whole() throws(FilterError) -> Operand {
        guard token.kind != .end else { throw error("the filter is empty") }
        let operand = try sequence()
        switch token.kind {
        case .end: return closed(operand)
        case .close: throw error("')' without '('")
        default: throw error("'\(token.text)' is not expected here")
        }
    }

    /// Operators by precedence, the weakest first.
    private static let levels: [[FilterOperator]] = [
        [.sequence], [.or], [.and], [.bitOr], [.bitXor], [.bitAnd], [.equal, .notEqual],
        [.less, .lessOrEqual, .greater, .greaterOrEqual], [.shiftLeft, .shiftRight], [.add, .subtract],
        [.multiply, .divide, .remainder],
    ]
    private static let conjunction = 2
    private static let equality = 6

    mutating func sequence() throws(FilterError) -> Operand {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ParserState.depthLimit else { throw error("the filter is nested too deeply") }
        return try binary(0)
    }

    private mutating func binary(_ level: Int) throws(FilterError) -> Operand {
        guard level < Self.levels.count else { return try unary() }
        var operand = try binary(level + 1)
        while true {
            let sign = token
            let operation: FilterOperator
            if case .operation(let written) = sign.kind, Self.levels[level].contains(written) {
                operation = written
                position += 1
            } else if let missing = missingOperator(level, after: operand) {
                operation = missing
                state.corrections += 1
            } else {
                return operand
            }
            if operation == .equal || operation == .notEqual || operation.isComparison { left?.field = operand.field }
            let right = try binary(level + 1)
            operand = try combine(operation, operand, right, at: sign)
        }
    }

    /// The operator to insert if an operand follows where an operator should.
    private func missingOperator(_ level: Int, after operand: Operand) -> FilterOperator? {
        guard token.beginsOperand else { return nil }
        switch level {
        case Self.equality:
            switch operand.kind {
            case .value: return .equal
            case .flag: if case .number = token.kind { return .equal } else { return nil }
            case .test, .constant: return nil
            }
        case Self.conjunction: return .and
        default: return nil
        }
    }

    private mutating func unary() throws(FilterError) -> Operand {
        guard case .operation(let sign) = token.kind else { return try primary() }
        let start = token
        let operation: FilterOperator
        switch sign {
        case .not, .complement: operation = sign
        case .subtract: operation = .negate
        case .add: operation = .add
        default: throw error("an operand is missing before '\(token.text)'")
        }
        position += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= ParserState.depthLimit else { throw error("the filter is nested too deeply") }
        let operand = try unary()
        var result = operation == .not ? closed(operand) : operand
        result.offset = start.range.lowerBound
        result.text = (operation == .add ? "+" : operation.text) + operand.text
        result.field = nil
        result.isProtocol = false
        result.alternatives = []
        guard operation != .add else { return result }
        if !operation.takesWideValues, operand.expression.isWide {
            throw error("an address of IPv6 can be compared and masked, but not calculated with", at: start)
        }
        result.expression = .unary(operation, result.expression)
        result.address = .number
        switch operation {
        case .not: result.kind = .test
        default: if operand.kind != .constant { result.kind = .value }
        }
        return result
    }

    private mutating func primary() throws(FilterError) -> Operand {
        let start = token
        guard state.countOperand() else {
            throw error("the filter has more than \(ParserState.operandLimit) operands, those of macros included")
        }
        switch start.kind {
        case .number(let value):
            position += 1
            return Operand(
                expression: .number(value), kind: .constant, text: start.text, offset: start.range.lowerBound)
        case .open:
            position += 1
            var inside = try sequence()
            guard token.kind == .close else {
                throw error(token.kind == .end ? "')' is missing" : "'\(token.text)' is not expected here")
            }
            position += 1
            inside.text = "(\(inside.text))"
            inside.offset = start.range.lowerBound
            return inside
        case .word: return try word()
        case .argument:
            throw error("\(start.text) stands for an argument, which only the definition of a macro has")
        case .end: throw error("an operand is missing at the end")
        case .close: throw error("an operand is missing before ')'")
        case .operation: throw error("an operand is missing before '\(start.text)'")
        }
    }
}
