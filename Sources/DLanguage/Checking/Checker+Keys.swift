extension Checker {
    static func qualified(_ scope: VariableScope, _ name: String) -> String { "\(scope.rawValue) \(name)" }

    /// The name of a target as findings and errors have it.
    static func name(of target: ExpressionSyntax) -> String? {
        switch target.form {
        case .name(let name): qualified(.global, name)
        case .scoped(let scope, let name): qualified(scope, name)
        case .index(let base, _): name(of: base)
        default: nil
        }
    }

    /// Remembers what kind of text a place gets.
    func note(_ name: String?, _ value: Operand) {
        guard let name, value.type.isText || value.type.isCharacters else { return }
        if value.expression.type == .addressText {
            findings.addresses.insert(name)
        } else if value.expression.literal?.isEmpty != true {
            findings.texts.insert(name)
        }
    }

    /// The type of a key whose first value is this.
    func keyType(_ value: Operand) throws(Diagnostic) -> DType {
        switch value.expression.type {
        case .stack, .symbol: return value.expression.type
        case .array where !value.type.isCharacters:
            throw Diagnostic("'\(spelling(value.type))' cannot be a key", at: value.position, tag: .init("KEY_TYPE"))
        default: return try stored(value)
        }
    }

    /// Values converted to the types of keys.
    func keys(
        _ values: [Operand], as types: [DType], of label: String, _ name: String, _ position: SourcePosition
    ) throws(Diagnostic) -> [TypedExpression] {
        guard values.count == types.count else {
            throw Diagnostic(
                "\(name) has \(types.count) \(types.count == 1 ? "key" : "keys"), not \(values.count)", at: position,
                advice: types.isEmpty
                    ? "it was used without keys before" : "[\(types.map(spelling).joined(separator: ", "))]",
                tag: .init("PROTO_LEN"))
        }
        var result: [TypedExpression] = []
        for (index, (value, type)) in zip(values, types).enumerated() {
            if type.isText { note("\(label)#\(index)", value) }
            // Integers of any size make a key, also if the first one was a pointer.
            if type.isPointer, value.type.integer != nil {
                result.append(try convert(value.expression, to: type))
            } else {
                result.append(try assignable(value, to: type, "key \(index + 1) of \(name)"))
            }
        }
        return result
    }

    func index(
        _ base: ExpressionSyntax, _ keys: [ExpressionSyntax], _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        switch base.form {
        case .name("args"): return try argument(keys, position)
        case .name(let name) where locals[name] == nil:
            if case .array(let index)? = entries[.global]?[name] { return try element(index, keys, position) }
            if entries[.global]?[name] == nil, let inline = try inline(name), inline.parameters != nil {
                return try expand(inline, keys, position)
            }
        case .scoped(let scope, let name):
            if case .array(let index)? = entries[scope]?[name] { return try element(index, keys, position) }
        default: break
        }
        let operand = try check(base)
        guard keys.count == 1 else {
            throw Diagnostic(
                "'\(spelling(operand.type))' takes one index, not \(keys.count)", at: position, tag: .init("OP_ARRFUN"))
        }
        return try element(of: operand, try check(keys[0]), position)
    }

    private func element(
        _ index: Int, _ syntax: [ExpressionSyntax], _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        let array = program.arrays[index]
        let values = try syntax.map { (key) throws(Diagnostic) in try check(key) }
        let label = Self.qualified(array.scope, array.name)
        let keys = try keys(values, as: array.keys, of: label, "'\(array.name)'", position)
        return Operand(try make(.storage(Storage(.element(index, keys: keys))), array.element, at: position))
    }

    /// `array[index]`, `pointer[index]`
    private func element(
        of base: Operand, _ index: Operand, _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        let index = try arithmeticOperand(index, "[]")
        guard base.translation == nil else {
            throw Diagnostic("a translated value is no array", at: position, tag: .init("OP_ARRFUN"))
        }
        guard case .array(let element, let count) = base.type else {
            guard let target = base.type.target else {
                throw Diagnostic("'\(spelling(base.type))' is no array", at: base.position, tag: .init("OP_ARRFUN"))
            }
            let pointer = try move(base.expression, .add, index, by: try elementSize(target, position), position)
            return try dereference(Operand(pointer), position)
        }
        let size = try size(element, at: position)
        switch base.expression.form {
        case .storage(let storage): return try self.element(in: storage, element, size, count, index, position)
        case .memory(let address, let offset, _):
            if let constant = index.constant {
                let (bytes, overflows) = Int(Int64(bitPattern: constant)).multipliedReportingOverflow(by: size)
                guard !overflows, bytes.magnitude < 1 << 31 else {
                    throw Diagnostic("the index is too large", at: position)
                }
                return Operand(
                    try make(.memory(address: address, offset: offset + bytes, bits: nil), element, at: position))
            }
            let pointer = try convert(address, to: .pointer(to: element))
            let moved = try move(pointer, .add, index, by: size, position)
            return Operand(try make(.memory(address: moved, offset: offset, bits: nil), element, at: position))
        default: throw Diagnostic("this array has no place", at: position)
        }
    }

    private func element(
        in storage: Storage, _ type: DType, _ size: Int, _ count: Int, _ index: TypedExpression,
        _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        var storage = storage
        if let constant = index.constant {
            guard constant < UInt64(max(0, count)) else {
                throw Diagnostic(
                    "index \(Int64(bitPattern: constant)) is outside of the array, which has \(count) elements",
                    at: index.position, tag: .init("ARR_BADREF"))
            }
            storage.offset += Int(constant) * size
        } else {
            let wide = try convert(index, to: .long)
            let factor = try make(.constant(UInt64(size)), .long, at: position)
            let bytes = size == 1 ? wide : try arithmetic(.multiply, wide, factor, position)
            guard storage.dynamic == nil else {
                throw Diagnostic(
                    "only one index of an array of arrays can be a variable", at: position,
                    advice: "make it one array, and compute its index")
            }
            storage.dynamic = bytes
            storage.dynamicLimit = size * count
        }
        return Operand(try make(.storage(storage), type, at: position))
    }
}
