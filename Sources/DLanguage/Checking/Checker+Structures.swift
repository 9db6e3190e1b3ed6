extension Checker {
    /// A struct or union with its members, laid out as C does.
    func define(
        _ tag: String?, _ typedefName: String?, isUnion: Bool, _ members: [DeclarationSyntax],
        _ position: SourcePosition
    ) throws(Diagnostic) -> DType {
        let key = tag.map { (isUnion ? "union " : "struct ") + $0 }
        let type: DType
        if let key, case .structure(.declared(let index))? = tags[key], program.types.structures[index].members == nil {
            type = .structure(.declared(index))
        } else if let key, tags[key] != nil {
            throw Diagnostic("'\(key)' is declared twice", at: position, tag: .init("DECL_COMBO"))
        } else {
            type = declareStructure(tag ?? "", isUnion: isUnion)
        }
        guard case .structure(.declared(let index)) = type else { return type }
        if tag == nil, let typedefName {
            program.types.structures[index].name = typedefName
            program.types.structures[index].isTypedefName = true
        }
        var layout = Layout(isUnion: isUnion)
        let wasInStructure = isInStructure
        isInStructure = true
        defer { isInStructure = wasInStructure }
        for declaration in members { try add(declaration, to: &layout) }
        program.types.structures[index].members = layout.members
        program.types.structures[index].alignment = layout.alignment
        program.types.structures[index].size = layout.size
        return type
    }

    private func add(_ declaration: DeclarationSyntax, to layout: inout Layout) throws(Diagnostic) {
        let base = try base(declaration.type)
        if declaration.declarators.isEmpty {
            guard case .structure(let id) = base else {
                throw Diagnostic("the member has no name", at: declaration.position, tag: .init("DECL_MNAME"))
            }
            // An unnamed struct; `struct name;` only declares a name.
            guard case .structure(_, nil, .some) = declaration.type.form else { return }
            for member in program.types.members(of: id) { try layout.check(member.name, declaration.position) }
            try place("", base, nil, declaration.position, &layout)
        }
        for declarator in declaration.declarators {
            let position = declarator.position ?? declaration.position
            let type = try apply(declarator, to: base, position)
            let name = declarator.name ?? ""
            if !name.isEmpty { try layout.check(name, position) }
            let bits = try declarator.bits.map { (bits) throws(Diagnostic) in
                Int(truncatingIfNeeded: try constant(bits, "the size of a bit-field"))
            }
            try place(name, type, bits, position, &layout)
        }
    }

    private func place(
        _ name: String, _ type: DType, _ bits: Int?, _ position: SourcePosition, _ layout: inout Layout
    ) throws(Diagnostic) {
        if case .array(_, 0) = type {
            layout.append(name, type, size: 0, alignment: program.types.alignment(of: type))
            return
        }
        let size = try size(type, at: position)
        guard size <= 1 << 20 else { throw Diagnostic("the struct is larger than 1 MiB", at: position) }
        if let bits {
            guard let integer = type.integer, bits >= 0, bits <= integer.bits, bits > 0 || name.isEmpty else {
                throw Diagnostic(
                    "a bit-field of '\(spelling(type))' cannot have \(bits) bits", at: position,
                    tag: .init(type.integer == nil ? "DECL_BFTYPE" : "DECL_BFSIZE"))
            }
            layout.append(name, type, bits: bits, unit: integer.bits)
            return
        }
        layout.append(name, type, size: size, alignment: program.types.alignment(of: type))
        guard layout.size <= 1 << 20 else { throw Diagnostic("the struct is larger than 1 MiB", at: position) }
    }

    func sizeof(_ type: DType, _ position: SourcePosition) throws(Diagnostic) -> Operand {
        let bytes = try size(type, at: position)
        return Operand(try make(.constant(UInt64(bytes)), .unsignedLong, at: position))
    }

    func sizeof(_ value: ExpressionSyntax, _ position: SourcePosition) throws(Diagnostic) -> Operand {
        let operand = try check(value)
        switch operand.expression.form {
        case .memory(_, _, .some):
            throw Diagnostic("a bit-field has no size in bytes", at: position, tag: .init("SIZEOF_BITFIELD"))
        case .storage(let storage) where storage.bits != nil:
            throw Diagnostic("a bit-field has no size in bytes", at: position, tag: .init("SIZEOF_BITFIELD"))
        case .text(let text):
            return Operand(try make(.constant(UInt64(text.count + 1)), .unsignedLong, at: position))
        default: break
        }
        if operand.translation == nil, operand.expression.type == .addressText { return try sizeof(.string, position) }
        return try sizeof(operand.type, position)
    }

    func offset(of path: String, in type: DType, _ position: SourcePosition) throws(Diagnostic) -> Operand {
        var type = type
        var bits = 0
        for name in path.split(separator: ".") {
            guard case .structure(let id) = type else {
                throw Diagnostic("'\(spelling(type))' is no struct", at: position, tag: .init("OFFSETOF_TYPE"))
            }
            let member = try member(String(name), of: id, position)
            guard member.bitSize == nil else {
                throw Diagnostic(
                    "the bit-field '\(name)' has no offset in bytes", at: position, tag: .init("OFFSETOF_BITFIELD"))
            }
            bits += member.bitOffset
            type = member.type
        }
        return Operand(try make(.constant(UInt64(bits / 8)), .unsignedLong, at: position))
    }
}

/// Places of members, one after the other.
struct Layout {
    let isUnion: Bool
    private(set) var members: [TypeStore.Member] = []
    private(set) var alignment = 1
    private var bits = 0
    private var largest = 0
    private var names: Set<String> = []

    init(isUnion: Bool) { self.isUnion = isUnion }

    /// Bytes, with the padding at the end.
    var size: Int {
        let bytes = isUnion ? largest : (bits + 7) / 8
        return (bytes + alignment - 1) / alignment * alignment
    }

    mutating func check(_ name: String, _ position: SourcePosition) throws(Diagnostic) {
        guard names.insert(name).inserted else {
            throw Diagnostic("the member '\(name)' is declared twice", at: position, tag: .init("DECL_COMBO"))
        }
    }

    mutating func append(_ name: String, _ type: DType, size: Int, alignment: Int) {
        self.alignment = max(self.alignment, alignment)
        let unit = 8 * max(1, alignment)
        let start = isUnion ? 0 : (bits + unit - 1) / unit * unit
        members.append(TypeStore.Member(name, type, bitOffset: start))
        bits = start + 8 * size
        largest = max(largest, size)
    }

    /// A bit-field stays within a unit of its type; one of 0 bits closes the unit.
    mutating func append(_ name: String, _ type: DType, bits count: Int, unit: Int) {
        var start = isUnion ? 0 : bits
        if count == 0 || start / unit != (start + count - 1) / unit { start = (start + unit - 1) / unit * unit }
        if !name.isEmpty {
            alignment = max(alignment, unit / 8)
            members.append(TypeStore.Member(name, type, bitOffset: start, bitSize: count))
        }
        bits = start + count
        largest = max(largest, (count + 7) / 8)
    }
}
