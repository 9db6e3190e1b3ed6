import KernelTypes

extension Checker {
    /// The type that the text names. An array without a size has 0 elements; associative arrays are refused.
    func resolve(_ syntax: TypeSyntax) throws(Diagnostic) -> DType {
        try apply(syntax.declarator, to: try base(syntax), syntax.position)
    }

    func base(_ syntax: TypeSyntax, typedefName: String? = nil) throws(Diagnostic) -> DType {
        switch syntax.form {
        case .type(let type): return type
        case .named(let name): return try typedef(name, syntax.position)
        case .structure(let isUnion, let tag, let members):
            guard let members else { return try tagged(tag ?? "", isUnion: isUnion, syntax.position) }
            return try define(tag, typedefName, isUnion: isUnion, members, syntax.position)
        case .enumeration(let tag, let values):
            guard let values else { return try enumeration(tag ?? "", syntax.position) }
            return try define(tag, values, syntax.position)
        }
    }

    func apply(
        _ declarator: DeclaratorSyntax, to base: DType, _ position: SourcePosition
    ) throws(Diagnostic) -> DType {
        var type = base
        for part in declarator.parts.reversed() {
            switch part {
            case .pointer: type = .pointer(to: type)
            case .function: type = .function
            case .array(let size):
                let count =
                    try size.map { (size) throws(Diagnostic) in try constant(size, "the size of an array") } ?? 0
                guard count >= 0, count <= 1 << 24 else {
                    throw Diagnostic(
                        "an array cannot have \(count) elements", at: size?.position ?? position,
                        tag: .init("DECL_ARRNULL"))
                }
                guard self.size(type) != nil || count == 0 else {
                    throw Diagnostic(
                        "an array of '\(spelling(type))' has no size", at: position, tag: .init("DECL_ARRTYPE"))
                }
                type = .array(of: type, count: Int(count))
            case .keys:
                throw Diagnostic(
                    "an associative array can only be a variable", at: position, tag: .init("DECL_ARRTYPE"))
            }
        }
        guard type.isShallow else { throw Diagnostic("the type is nested too deep", at: position) }
        return type
    }

    /// A type by its typedef: of the program, of the libraries, of the kernel.
    func typedef(_ name: String, _ position: SourcePosition) throws(Diagnostic) -> DType {
        if let found = try findTypedef(name) { return found }
        throw Diagnostic(
            "unknown type '\(name)'", at: position,
            advice: Self.near(name, Set(typedefs.keys).union(library.typeNames))
                ?? "structs are written with 'struct', as in struct sk_buff *", tag: .init("SYNTAX"))
    }

    func findTypedef(_ name: String) throws(Diagnostic) -> DType? {
        if let found = typedefs[name] { return found }
        if try fromLibrary(.type(name)), let found = typedefs[name] { return found }
        return program.types.find([.typedef], name) ?? program.types.find([.integer], name)
    }

    private func tagged(_ tag: String, isUnion: Bool, _ position: SourcePosition) throws(Diagnostic) -> DType {
        if let found = try structure(tag, isUnion: isUnion) { return found }
        // The libraries name structs that some kernels do not have; their members are asked for only if used.
        if isInLibrary || isInStructure || program.types.kernel == nil {
            return declareStructure(tag, isUnion: isUnion)
        }
        let near = nearKernelNames(tag)
        throw Diagnostic(
            "this kernel has no '\(isUnion ? "union" : "struct") \(tag)'", at: position,
            advice: near ?? "its module may not be loaded; a program can declare structs itself", tag: .init("TYPE_ERR")
        )
    }

    /// Names of structs that are similar: a walk over all types, which only errors pay for.
    private func nearKernelNames(_ tag: String) -> String? {
        guard let table = program.types.kernel else { return nil }
        let names = table.ids.lazy.compactMap { number -> String? in
            guard let record = table.record(TypeID(number)), [.structure, .union].contains(record.kind) else {
                return nil
            }
            let name = table.name(record.name)
            return name.isEmpty || abs(name.utf8.count - tag.utf8.count) > 2 ? nil : name
        }
        return Self.near(tag, names)
    }

    func structure(_ tag: String, isUnion: Bool) throws(Diagnostic) -> DType? {
        let key = (isUnion ? "union " : "struct ") + tag
        if let found = tags[key] { return found }
        if try fromLibrary(.tag(key)), let found = tags[key] { return found }
        return program.types.find([isUnion ? .union : .structure], tag)
    }

    func declareStructure(_ tag: String, isUnion: Bool) -> DType {
        program.types.structures.append(TypeStore.Structure(name: tag, isUnion: isUnion))
        let type = DType.structure(.declared(program.types.structures.count - 1))
        if !tag.isEmpty { tags[(isUnion ? "union " : "struct ") + tag] = type }
        return type
    }

    private func enumeration(_ tag: String, _ position: SourcePosition) throws(Diagnostic) -> DType {
        let key = "enum " + tag
        if let found = tags[key] { return found }
        if try fromLibrary(.tag(key)), let found = tags[key] { return found }
        guard let found = program.types.find([.enumeration, .enumeration64], tag) else {
            throw Diagnostic("this kernel has no 'enum \(tag)'", at: position, tag: .init("TYPE_ERR"))
        }
        return found
    }

    private func define(
        _ tag: String?, _ values: [(name: String, value: ExpressionSyntax?, position: SourcePosition)],
        _ position: SourcePosition
    ) throws(Diagnostic) -> DType {
        program.types.enumerations.append(TypeStore.Enumeration(name: tag ?? "", values: [:]))
        let index = program.types.enumerations.count - 1
        let type = DType.enumeration(.declared(index), .int)
        if let tag { tags["enum " + tag] = type }
        var next: Int64 = 0
        for (name, value, place) in values {
            if let value { next = try constant(value, "the value of an enumerator") }
            guard enumerators[name] == nil else {
                throw Diagnostic("the enumerator '\(name)' is declared twice", at: place, tag: .init("DECL_IDRED"))
            }
            guard next == Int64(Int32(truncatingIfNeeded: next)) else {
                throw Diagnostic(
                    "the value \(next) of '\(name)' does not fit in an int", at: place, tag: .init("DECL_ENOFLOW"))
            }
            enumerators[name] = (type, UInt64(bitPattern: next))
            program.types.enumerations[index].values[name] = UInt64(bitPattern: next)
            next += 1
        }
        return type
    }
}
