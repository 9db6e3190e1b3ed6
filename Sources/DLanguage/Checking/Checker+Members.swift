extension Checker {
    func member(
        _ base: ExpressionSyntax, _ name: String, _ isArrow: Bool, _ position: SourcePosition
    ) throws(Diagnostic) -> Operand {
        let operand = try check(base)
        if let translation = operand.translation {
            guard translation.isPointer == isArrow else { throw wrongSign(isArrow, name, operand.type, position) }
            return try translated(operand.expression, translation, name, position)
        }
        if isArrow {
            let pointer: TypedExpression
            if case .array(.structure, _) = operand.type {
                pointer = try scalar(operand)
            } else {
                pointer = operand.expression
            }
            guard let target = pointer.type.target else { throw wrongSign(isArrow, name, operand.type, position) }
            guard case .structure(let id) = target else {
                throw notAStructure(name, target, position)
            }
            let member = try member(name, of: id, position)
            let (offset, bits) = Self.place(member)
            let (address, start) = Self.folded(pointer)
            return Operand(
                try make(.memory(address: address, offset: start + offset, bits: bits), member.type, at: position))
        }
        guard case .structure(let id) = operand.type else {
            if operand.type.target != nil { throw wrongSign(isArrow, name, operand.type, position) }
            throw notAStructure(name, operand.type, position)
        }
        let member = try member(name, of: id, position)
        let (offset, bits) = Self.place(member)
        switch operand.expression.form {
        case .memory(let address, let start, _):
            return Operand(
                try make(.memory(address: address, offset: start + offset, bits: bits), member.type, at: position))
        case .storage(var storage):
            storage.offset += offset
            storage.bits = bits
            return Operand(try make(.storage(storage), member.type, at: position))
        default:
            throw Diagnostic("this struct has no place to read '\(name)' from", at: position)
        }
    }

    /// A pointer plus a constant as pointer and offset.
    private static func folded(_ pointer: TypedExpression) -> (TypedExpression, Int) {
        var pointer = pointer
        // A conversion between pointers changes no bits.
        while case .convert(let inner) = pointer.form, pointer.type.isPointer, inner.type.isPointer { pointer = inner }
        if case .binary(.add, let base, let distance) = pointer.form, let constant = distance.constant,
            Int64(bitPattern: constant).magnitude < 1 << 30
        {
            return (base, Int(Int64(bitPattern: constant)))
        }
        return (pointer, 0)
    }

    private static func place(_ member: TypeStore.Member) -> (offset: Int, bits: BitField?) {
        (member.bitOffset / 8, member.bitSize.map { BitField(first: member.bitOffset % 8, count: $0) })
    }

    func member(
        _ name: String, of id: StructureID, _ position: SourcePosition
    ) throws(Diagnostic) -> TypeStore.Member {
        if let member = program.types.member(name, of: id) { return member }
        let known = program.types.memberNames(of: id)
        let spelled = program.types.spelling(of: id)
        if known.isEmpty {
            throw Diagnostic(
                "only the name of '\(spelled)' is known, not its members", at: position,
                advice: "this kernel has no type of this name; the program can declare it itself",
                tag: .init("TYPE_ERR"))
        }
        throw Diagnostic(
            "'\(spelled)' has no member '\(name)'", at: position,
            advice: Self.near(name, known) ?? "its members: " + known.prefix(12).joined(separator: ", ")
                + (known.count > 12 ? ", …" : ""), tag: .init("TYPE_MEMBER"))
    }

    private func wrongSign(
        _ isArrow: Bool, _ name: String, _ type: DType, _ position: SourcePosition
    ) -> Diagnostic {
        if isArrow, type.target == nil, case .structure = type {
            return Diagnostic(
                "'\(spelling(type))' is no pointer", at: position, advice: "use '.' : .\(name)", tag: .init("OP_PTR"))
        }
        if isArrow {
            return Diagnostic(
                "'->\(name)' needs a pointer to a struct, not '\(spelling(type))'", at: position,
                advice: type.integer != nil ? "a cast makes it one: ((struct NAME *)…)->\(name)" : nil,
                tag: .init("OP_PTR"))
        }
        return Diagnostic(
            "'\(spelling(type))' is a pointer", at: position, advice: "use '->' : ->\(name)", tag: .init("OP_DOT"))
    }

    private func notAStructure(_ name: String, _ type: DType, _ position: SourcePosition) -> Diagnostic {
        Diagnostic(
            "'\(spelling(type))' is no struct and has no member '\(name)'", at: position,
            advice: type == .void ? "a cast gives the pointer a type: ((struct NAME *)…)->\(name)" : nil,
            tag: .init("OP_SOU"))
    }

    func dereference(_ operand: Operand, _ position: SourcePosition) throws(Diagnostic) -> Operand {
        if var translation = operand.translation {
            guard translation.isPointer else {
                throw Diagnostic("this is no pointer", at: position, tag: .init("OP_PTR"))
            }
            translation.isPointer = false
            return Operand(operand.expression, translation: translation)
        }
        let pointer = isArray(operand.type) ? try scalar(operand) : operand.expression
        guard let target = pointer.type.target else {
            throw Diagnostic(
                "'*' needs a pointer, not '\(spelling(operand.type))'", at: position,
                advice: operand.type.integer != nil ? "a cast makes it one: *(uint32_t *)…" : nil,
                tag: .init("DEREF_NONPTR"))
        }
        guard target != .void, target != .function else {
            throw Diagnostic(
                "'\(spelling(pointer.type))' points to nothing that has a value", at: position,
                advice: "a cast gives the pointer a type: *(uint32_t *)…", tag: .init("DEREF_VOID"))
        }
        let (address, start) = Self.folded(pointer)
        return Operand(try make(.memory(address: address, offset: start, bits: nil), target, at: position))
    }

    func address(of operand: Operand, _ position: SourcePosition) throws(Diagnostic) -> TypedExpression {
        switch operand.expression.form {
        case .memory(_, _, .some):
            throw Diagnostic("a bit-field has no address", at: position, tag: .init("ADDROF_BITFIELD"))
        case .memory(let address, let offset, nil) where operand.translation == nil:
            return try self.offset(address, by: offset, .pointer(to: operand.type), position)
        case .storage:
            throw Diagnostic(
                "a variable of D has no address", at: position, advice: "use its value", tag: .init("ADDROF_VAR"))
        default: throw Diagnostic("this has no address", at: position, tag: .init("ADDROF_LVAL"))
        }
    }

    func cast(_ operand: Operand, to type: DType, _ position: SourcePosition) throws(Diagnostic) -> TypedExpression {
        switch type {
        case .integer, .enumeration, .pointer:
            if operand.translation == nil, operand.type.isText {
                throw Diagnostic(
                    "a string cannot be cast to '\(spelling(type))'", at: position, tag: .init("CAST_INVAL"))
            }
            let value = try scalar(operand, " by a cast")
            return try convert(value, to: type, position)
        case .void: return try make(.sequence([operand.expression]), .void, at: position)
        case .string where operand.type.isText: return operand.expression
        default:
            throw Diagnostic(
                "a value cannot be cast to '\(spelling(type))'", at: position,
                advice: type == .string
                    ? "stringof(…) reads the text at an address" : "cast to a pointer: *(\(spelling(type)) *)…",
                tag: .init("CAST_INVAL"))
        }
    }

    func stringof(_ operand: Operand, _ position: SourcePosition) throws(Diagnostic) -> TypedExpression {
        if operand.translation == nil, operand.type.isText || operand.type.isCharacters { return try text(operand) }
        let address = try convert(try scalar(operand, " by stringof"), to: .pointer(to: .character), position)
        return try make(.convert(address), .string, at: position)
    }
}
