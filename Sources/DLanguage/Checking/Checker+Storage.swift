extension Checker {
    func assign(
        _ operation: BinaryOperator?, _ target: ExpressionSyntax, _ value: ExpressionSyntax, _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        if Self.isAggregation(target) {
            throw Diagnostic(
                "an aggregation is a statement of its own", at: position, advice: "as in @name[keys] = count();",
                tag: .init("AGG_NULL"))
        }
        var value = try check(value)
        if operation == nil, value.type == .void {
            throw Diagnostic("there is no value to assign", at: value.position, tag: .init("OP_INCOMPAT"))
        }
        try ensure(target, holds: operation == nil ? try stored(value) : .long)
        let (storage, place) = try storage(target)
        if let operation {
            try refuseEffects(storage, target.position)
            value = Operand(try binary(operation, Operand(place), value, position))
        }
        note(Self.name(of: target), value)
        let name = Self.name(of: target).map { "'\($0)'" } ?? "the place"
        return try make(.assign(storage, try assignable(value, to: place.type, name)), place.type, at: position)
    }

    func increment(
        _ target: ExpressionSyntax, _ operation: BinaryOperator, isPrefix: Bool, _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        try ensure(target, holds: .long)
        let (storage, place) = try storage(target)
        try refuseEffects(storage, target.position)
        let one = Operand(try make(.constant(1), .int, at: position))
        let sum = try binary(operation, Operand(place), one, position)
        let value = try assignable(Operand(sum), to: place.type, "the variable")
        let form: TypedExpression.Form = isPrefix ? .assign(storage, value) : .assignAfter(storage, newValue: value)
        return try make(form, place.type, at: position)
    }

    static func isAggregation(_ syntax: ExpressionSyntax) -> Bool {
        switch syntax.form {
        case .aggregation: true
        case .index(let base, _): isAggregation(base)
        default: false
        }
    }

    /// The place of a target that exists.
    private func storage(_ target: ExpressionSyntax) throws(Diagnostic) -> (Storage, TypedExpression) {
        let operand = try check(target)
        if operand.translation == nil, case .storage(let storage) = operand.expression.form {
            return (storage, operand.expression)
        }
        if case .memory(let address, let offset, let bits) = operand.expression.form {
            if address.mayBeOwnMemory {
                return (Storage(.memory(address), offset: offset, bits: bits), operand.expression)
            }
            throw Diagnostic(
                "memory of the kernel cannot be written", at: target.position,
                advice: "D only observes; variables are global, self-> and this->", tag: .init("OP_WRITE"))
        }
        throw Diagnostic(
            "this cannot be assigned to", at: target.position, advice: "variables are global, self-> and this->",
            tag: .init("OP_LVAL"))
    }

    /// The place is read and written, so its keys are evaluated twice.
    private func refuseEffects(_ storage: Storage, _ position: SourcePosition) throws(Diagnostic) {
        var parts = storage.dynamic.map { [$0] } ?? []
        if case .element(_, let keys) = storage.base { parts += keys }
        if case .memory(let address) = storage.base { parts.append(address) }
        guard parts.contains(where: \.hasEffect) else { return }
        throw Diagnostic(
            "the keys of a place that is read and written cannot assign themselves", at: position,
            advice: "assign the key to a variable first")
    }

    /// The type of a variable whose first value is this one.
    func stored(_ value: Operand) throws(Diagnostic) -> DType {
        if let translation = value.translation {
            throw Diagnostic(
                "a translated \(spelling(translation.output)) cannot be kept in a variable", at: value.position,
                advice: "keep the member that is needed", tag: .init("OP_INCOMPAT"))
        }
        let type = value.type
        if type.isText || isArray(type) && type.isCharacters { return .string }
        guard size(type) != nil, !isComputedOnly(type) else {
            throw Diagnostic(
                "'\(spelling(type))' cannot be kept in a variable", at: value.position, tag: .init("OP_INCOMPAT"))
        }
        return type
    }

    private func isComputedOnly(_ type: DType) -> Bool {
        switch type {
        case .stack, .symbol, .floating: true
        default: false
        }
    }

    // MARK: Creation

    /// Makes the variable or array of a target that does not exist yet.
    private func ensure(_ target: ExpressionSyntax, holds type: DType) throws(Diagnostic) {
        switch target.form {
        case .name(let name): try ensureVariable(.global, name, type, target.position)
        case .scoped(let scope, let name): try ensureVariable(scope, name, type, target.position)
        case .index(let base, let keys):
            switch base.form {
            case .name(let name): try ensureArray(.global, name, keys, type, base.position)
            case .scoped(let scope, let name): try ensureArray(scope, name, keys, type, base.position)
            default: break
            }
        default: break
        }
    }

    private func ensureVariable(
        _ scope: VariableScope, _ name: String, _ type: DType, _ position: SourcePosition
    ) throws(Diagnostic) {
        if scope == .global { try refuseConstant(name, position) }
        guard entries[scope]?[name] == nil else { return }
        try addVariable(scope, name, type, position)
    }

    func refuseConstant(_ name: String, _ position: SourcePosition) throws(Diagnostic) {
        let isBuiltin = StandardTypes.builtins[name] != nil || ["args", "curthread", "zonename", "NULL"].contains(name)
        let isInline = try inline(name) != nil
        guard isBuiltin || isInline || locals[name] != nil || enumerators[name] != nil else { return }
        throw Diagnostic(
            "'\(name)' cannot be assigned to", at: position,
            advice: isBuiltin ? "it is a variable that D itself sets" : "it is a constant", tag: .init("OP_WRITE"))
    }

    static let maximumVariables = 1000

    func addVariable(
        _ scope: VariableScope, _ name: String, _ type: DType, _ position: SourcePosition
    ) throws(Diagnostic) {
        let slot = program.variables.count { $0.scope == scope }
        guard program.variables.count < Self.maximumVariables else {
            throw Diagnostic("the program has more than \(Self.maximumVariables) variables", at: position)
        }
        let bytes = try size(type, at: position)
        guard bytes <= 1 << 16 else {
            throw Diagnostic("a variable has at most 64 KiB, '\(spelling(type))' needs \(bytes) bytes", at: position)
        }
        let isAddress = type == .string && knowledge.isAddress(Self.qualified(scope, name))
        program.variables.append(
            Variable(name: name, scope: scope, type: isAddress ? .addressText : type, slot: slot, position: position))
        entries[scope, default: [:]][name] = .variable(program.variables.count - 1)
    }

    private func ensureArray(
        _ scope: VariableScope, _ name: String, _ keys: [ExpressionSyntax], _ type: DType, _ position: SourcePosition
    ) throws(Diagnostic) {
        if scope == .global { try refuseConstant(name, position) }
        guard entries[scope]?[name] == nil else { return }
        guard scope != .clause else {
            throw Diagnostic(
                "'this->\(name)' cannot be an associative array", at: position,
                advice: "global and self-> variables can; a plain array is declared: this int \(name)[8];",
                tag: .init("DECL_LOCASSC"))
        }
        let types = try keys.map { (key) throws(Diagnostic) in try keyType(try check(key)) }
        try addArray(scope, name, types, type, position)
    }

    func addArray(
        _ scope: VariableScope, _ name: String, _ keys: [DType], _ element: DType, _ position: SourcePosition
    ) throws(Diagnostic) {
        guard !keys.isEmpty else {
            throw Diagnostic("the array needs at least one key", at: position, tag: .init("DECL_ARRNULL"))
        }
        let label = Self.qualified(scope, name)
        let types = keys.enumerated().map { index, type in
            type == .string && knowledge.isAddress("\(label)#\(index)") ? .addressText : type
        }
        let isAddress = element == .string && knowledge.isAddress(label)
        let slot = program.arrays.count { $0.scope == scope }
        program.arrays.append(
            AssociativeArray(
                name: name, scope: scope, keys: types, element: isAddress ? .addressText : element, slot: slot,
                position: position))
        entries[scope, default: [:]][name] = .array(program.arrays.count - 1)
    }
}

extension TypedExpression {
    /// Whether the address comes from alloca() or copyin(), perhaps by a variable, and not from the kernel.
    fileprivate var mayBeOwnMemory: Bool {
        switch form {
        case .storage: true
        case .call(let function, _): function == .alloca || function == .copyin
        case .convert(let value): value.mayBeOwnMemory
        case .binary(_, let left, _): left.mayBeOwnMemory
        case .bind(_, _, let body): body.mayBeOwnMemory
        case .assign(_, let value): value.mayBeOwnMemory
        default: false
        }
    }

    /// Whether it assigns or calls something whose result changes.
    var hasEffect: Bool {
        switch form {
        case .assign, .assignAfter: true
        case .call(let function, let arguments):
            function == .rand || function == .strtok || arguments.contains(where: \.hasEffect)
        case .memory(let inner, _, _), .unary(_, let inner), .convert(let inner), .matchesAddress(let inner, _, _),
            .pick(let inner, _, _):
            inner.hasEffect
        case .binary(_, let one, let other), .logical(_, let one, let other), .compareTexts(_, let one, let other),
            .compareAddresses(let one, let other, _), .bind(_, let one, let other):
            one.hasEffect || other.hasEffect
        case .conditional(let one, let two, let three): one.hasEffect || two.hasEffect || three.hasEffect
        case .sequence(let parts): parts.contains(where: \.hasEffect)
        case .storage(let storage):
            storage.dynamic?.hasEffect ?? false
                || {
                    if case .element(_, let keys) = storage.base { return keys.contains(where: \.hasEffect) }
                    return false
                }()
        case .constant, .text, .builtin, .input, .symbol, .local: false
        }
    }
}
