extension Checker {
    /// A value of 64 bits: integers, enums, pointers; arrays become pointers to their first element.
    func scalar(
        _ operand: Operand, _ purpose: String = "", tag: ErrorTag = ErrorTag("OP_SCALAR")
    ) throws(Diagnostic) -> TypedExpression {
        let expression = operand.expression
        if let translation = operand.translation, !translation.isPointer {
            throw Diagnostic(
                "a translated \(spelling(translation.output)) is no value\(purpose)", at: operand.position,
                advice: "use one of its members", tag: .init("OP_SCALAR"))
        }
        if expression.type.isScalar { return expression }
        if case .array(let element, _) = expression.type {
            return try decayed(expression, element)
        }
        throw Diagnostic(
            "a value of type '\(spelling(operand.type))' cannot be computed with\(purpose)", at: operand.position,
            tag: tag)
    }

    /// An array as a pointer to its first element.
    private func decayed(_ expression: TypedExpression, _ element: DType) throws(Diagnostic) -> TypedExpression {
        guard case .memory(let address, let offset, nil) = expression.form else {
            throw Diagnostic(
                "an array of D has no address", at: expression.position, advice: "use its elements, as in name[0]",
                tag: .init("ADDROF_VAR"))
        }
        return try self.offset(address, by: offset, .pointer(to: element), expression.position)
    }

    /// A pointer moved by a constant number of bytes.
    func offset(
        _ address: TypedExpression, by bytes: Int, _ type: DType, _ position: SourcePosition
    ) throws(Diagnostic) -> TypedExpression {
        let pointer = try convert(address, to: type, position)
        guard bytes != 0 else { return pointer }
        if let constant = pointer.constant {
            return try make(.constant(constant &+ UInt64(bitPattern: Int64(bytes))), type, at: position)
        }
        let distance = try make(.constant(UInt64(bitPattern: Int64(bytes))), .long, at: position)
        return try make(.binary(.add, pointer, distance), type, at: position)
    }

    func integer(
        _ operand: Operand, _ purpose: String = "", tag: ErrorTag = ErrorTag("OP_INT")
    ) throws(Diagnostic) -> TypedExpression {
        let value = operand.type.isText ? operand.expression : try scalar(operand, purpose)
        guard value.type.integer != nil, operand.translation == nil else {
            throw Diagnostic(
                "an integer is needed\(purpose), not '\(spelling(operand.type))'", at: operand.position,
                advice: operand.type.isPointer ? "a cast makes an integer of a pointer: (uint64_t)…" : nil,
                tag: tag)
        }
        return value
    }

    /// Between scalars.
    func convert(
        _ value: TypedExpression, to type: DType, _ position: SourcePosition? = nil
    ) throws(Diagnostic) -> TypedExpression {
        guard value.type != type else { return value }
        let width = type.integer ?? .unsignedLong
        if let constant = value.constant {
            return try make(.constant(width.extended(constant)), type, at: position ?? value.position)
        }
        return try make(.convert(value), type, at: position ?? value.position)
    }

    /// A text: string or address text as it is, characters as a string.
    func text(_ operand: Operand, _ purpose: String = "") throws(Diagnostic) -> TypedExpression {
        let value = operand.expression
        if operand.translation == nil {
            if value.type.isText { return value }
            if value.type.isCharacters { return try make(.convert(value), .string, at: value.position) }
        }
        throw Diagnostic(
            "a string is needed\(purpose), not '\(spelling(operand.type))'", at: operand.position,
            advice: operand.type.isPointer ? "stringof(…) reads the text at an address" : nil, tag: .init("PROTO_ARG"))
    }

    /// A text in bytes.
    func string(_ operand: Operand, _ purpose: String = "") throws(Diagnostic) -> TypedExpression {
        try string(try text(operand, purpose))
    }

    func string(_ value: TypedExpression) throws(Diagnostic) -> TypedExpression {
        value.type == .addressText ? try make(.convert(value), .string, at: value.position) : value
    }

    /// A text as an address text. Nil if it is another text.
    func addressText(_ value: TypedExpression) throws(Diagnostic) -> TypedExpression? {
        if value.type == .addressText { return value }
        // The empty text is the address text without a family.
        guard let literal = value.literal, literal.isEmpty else { return nil }
        return try make(.text([]), .addressText, at: value.position)
    }

    /// The condition of a predicate, of `?:` and of `&&`: a scalar, or a text that is not empty.
    func condition(_ operand: Operand, _ purpose: String) throws(Diagnostic) -> TypedExpression {
        if operand.translation == nil, operand.expression.type.isText {
            throw Diagnostic(
                "a string is no condition\(purpose)", at: operand.position, advice: "compare it: … != \"\"",
                tag: .init("OP_SCALAR"))
        }
        return try scalar(operand, purpose)
    }

    /// The value converted to what a variable, parameter or member holds.
    func assignable(
        _ operand: Operand, to type: DType, _ purpose: String
    ) throws(Diagnostic) -> TypedExpression {
        let source = operand.type
        let value = operand.expression
        func mismatch(_ advice: String? = nil) -> Diagnostic {
            Diagnostic(
                "\(purpose) is of type '\(spelling(type))' and cannot take '\(spelling(source))'",
                at: operand.position, advice: advice, tag: .init("OP_INCOMPAT"))
        }
        switch type {
        case .integer, .enumeration:
            guard operand.translation == nil, source.integer != nil else {
                throw mismatch(source.isPointer ? "a cast makes an integer of a pointer: (uint64_t)…" : nil)
            }
            return try convert(value, to: type)
        case .pointer(let target):
            guard source.isScalar || isArray(source) else { throw mismatch() }
            let pointer = try scalar(operand)
            guard pointer.constant == 0 || arePointersCompatible(target, pointer.type.target) else {
                throw mismatch("a cast makes it one: (\(spelling(type)))…")
            }
            return try convert(pointer, to: type)
        case .string, .addressText:
            // Assigning 0 frees a variable.
            if operand.isNull { return try make(.text([]), type, at: operand.position) }
            guard source.isText || source.isCharacters else {
                throw mismatch(source.isPointer ? "stringof(…) reads the text at an address" : nil)
            }
            let text = try text(operand)
            if type == .addressText, let address = try addressText(text) { return address }
            return try string(text)
        case .structure, .array, .stack, .symbol:
            guard operand.translation == nil, source == type else { throw mismatch() }
            return value
        case .void, .floating, .function:
            throw mismatch()
        }
    }

    func isArray(_ type: DType) -> Bool {
        if case .array = type { true } else { false }
    }

    func arePointersCompatible(_ one: DType, _ other: DType?) -> Bool {
        guard let other else { return false }
        return one == other || one == .void || other == .void
            || one.integer.map { $0.bits == other.integer?.bits } ?? false
    }
}
