import DLanguage

extension TypedExpression {
    /// Visits this expression and all those that it is made of.
    func forEach(_ body: (TypedExpression) -> Void) {
        body(self)
        switch form {
        case .memory(let address, _, _): address.forEach(body)
        case .unary(_, let operand): operand.forEach(body)
        case .binary(_, let left, let right), .compareTexts(_, let left, let right), .logical(_, let left, let right),
            .compareAddresses(let left, let right, _):
            left.forEach(body)
            right.forEach(body)
        case .matchesAddress(let text, _, _): text.forEach(body)
        case .conditional(let condition, let then, let otherwise):
            condition.forEach(body)
            then.forEach(body)
            otherwise.forEach(body)
        case .convert(let value): value.forEach(body)
        case .call(_, let arguments), .sequence(let arguments): for argument in arguments { argument.forEach(body) }
        case .storage(let storage): storage.forEach(body)
        case .assign(let storage, let value), .assignAfter(let storage, let value):
            storage.forEach(body)
            value.forEach(body)
        case .bind(_, let value, let inner):
            value.forEach(body)
            inner.forEach(body)
        case .pick(let index, _, _): index.forEach(body)
        case .constant, .text, .builtin, .input, .symbol, .local: break
        }
    }
}

extension Storage {
    func forEach(_ body: (TypedExpression) -> Void) {
        switch base {
        case .variable: break
        case .element(_, let keys): for key in keys { key.forEach(body) }
        case .memory(let address): address.forEach(body)
        }
        dynamic?.forEach(body)
    }
}

extension TypedStatement {
    /// The expressions that the kernel works out.
    var expressions: [TypedExpression] {
        switch form {
        case .evaluate(let expression), .trace(let expression), .print(let expression), .exit(let expression),
            .speculate(let expression), .commit(let expression), .discard(let expression),
            .normalize(_, let expression),
            .raise(let expression), .chill(let expression):
            [expression]
        case .aggregate(let update): update.keys + [update.value, update.increment].compactMap { $0 }
        case .printf(_, let arguments), .freopen(_, let arguments), .system(_, let arguments): arguments
        case .tracemem(let address, _, let length): [address] + (length.map { [$0] } ?? [])
        case .trunc(_, let count): count.map { [$0] } ?? []
        case .pcap(let packet, let name): [packet, name]
        default: []
        }
    }
}

extension TypedClause {
    /// Visits all expressions of the clause.
    func forEach(_ body: (TypedExpression) -> Void) {
        predicate?.forEach(body)
        for statement in statements { for expression in statement.expressions { expression.forEach(body) } }
    }
}
