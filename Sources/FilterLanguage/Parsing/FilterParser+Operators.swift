import Protocols

extension FilterParser {
    /// Two operands and the operator between them.
    func combine(
        _ operation: FilterOperator, _ one: Operand, _ other: Operand, at sign: FilterToken
    ) throws(FilterError) -> Operand {
        let isLogical = operation == .and || operation == .or || operation == .sequence
        let left = isLogical ? closed(one) : one
        let right = isLogical ? closed(other) : other
        if operation.isComparison { try check(operation, left, right, at: sign) }
        if !operation.takesWideValues, left.expression.isWide || right.expression.isWide {
            throw error("an address of IPv6 can be compared and masked, but not calculated with", at: sign)
        }
        var result = Operand(
            expression: .binary(operation, left.expression, right.expression), kind: kind(operation, left, right),
            text: Self.text(operation, left, right), offset: left.offset,
            hasOpenAny: left.hasOpenAny || right.hasOpenAny)
        if operation == .equal || operation == .notEqual {
            result.expression = equality(operation, left, right)
        }
        // The result of a comma is that of its right side.
        if operation == .sequence { result.address = right.address }
        return operation.isTest ? closed(result) : result
    }

    /// Each test with `any.` tries the packets for itself, but for those in a macro that `any.` precedes.
    func closed(_ operand: Operand) -> Operand { base == .any ? operand : operand.closed }

    private static func text(_ operation: FilterOperator, _ left: Operand, _ right: Operand) -> String {
        operation == .sequence ? "\(left.text), \(right.text)" : "\(left.text) \(operation.text) \(right.text)"
    }

    private func kind(_ operation: FilterOperator, _ left: Operand, _ right: Operand) -> Operand.Kind {
        if operation.isTest { return .test }
        if operation == .sequence { return right.kind }
        switch (left.kind, right.kind) {
        case (.constant, .constant): return .constant
        case (.test, .test), (.flag, .flag), (.test, .flag), (.flag, .test): return .test
        default: return .value
        }
    }

    /// A name with several values equals a field that has one of them.
    private func equality(_ operation: FilterOperator, _ left: Operand, _ right: Operand) -> FilterExpression {
        func choices(_ operand: Operand) -> [FilterExpression] {
            [operand.expression]
                + operand.alternatives.map { .constant(bits: $0, isWide: operand.expression.isWide) }
        }
        let pairs = choices(left).flatMap { one in choices(right).map { (one, $0) } }
        let comparisons = pairs.map { FilterExpression.binary(operation, $0.0, $0.1) }
        let joining: FilterOperator = operation == .equal ? .or : .and
        return comparisons.dropFirst().reduce(comparisons[0]) { .binary(joining, $0, $1) }
    }

    /// Refuses comparisons that can only be mistakes.
    private func check(
        _ operation: FilterOperator, _ left: Operand, _ right: Operand, at sign: FilterToken
    ) throws(FilterError) {
        for (one, other) in [(left, right), (right, left)] where one.field != nil && other.isProtocol {
            let field = one.field?.name ?? one.text
            throw FilterError(
                "\(other.text) is a protocol and no value of \(field); to require both, write &&", source,
                at: other.offset)
        }
        guard left.address != .number, right.address != .number, left.address != right.address else { return }
        throw FilterError(
            "\(left.text) is \(left.address.words) and \(right.text) is \(right.address.words): they are never equal",
            source, at: right.offset)
    }
}

extension NamedValues.Kind {
    fileprivate var words: String {
        switch self {
        case .number: "a number"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .ethernet: "an Ethernet address"
        }
    }
}
