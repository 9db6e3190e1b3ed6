import KernelTypes

extension Checker {
    func named(_ name: String, _ position: SourcePosition) throws(Diagnostic) -> Operand {
        if var local = locals[name] {
            local.expression.position = position
            return local
        }
        switch name {
        case "zonename": return Operand(try make(.text(Array("global".utf8)), .string, at: position))
        case "NULL": return Operand(try make(.constant(0), .pointer(to: .void), at: position))
        case "args":
            throw Diagnostic("'args' needs an index", at: position, advice: "as in args[0]", tag: .init("IDENT_BADREF"))
        case "curthread":
            return Operand(try make(.builtin(.curthread), try pointer(toStructure: "task_struct"), at: position))
        default: break
        }
        if let (builtin, type) = StandardTypes.builtins[name] {
            if case .argument = builtin { usesArguments = true }
            return Operand(try make(.builtin(builtin), type, at: position))
        }
        if let inline = try inline(name) { return try expand(inline, [], position) }
        if let entry = entries[.global]?[name] { return try load(entry, name, position) }
        if let operand = try input(name, position) { return operand }
        if let (type, value) = try enumerator(name) {
            return Operand(try make(.constant(value), type, at: position))
        }
        throw unknown(name, position)
    }

    private func input(_ name: String, _ position: SourcePosition) throws(Diagnostic) -> Operand? {
        guard let (input, structure, plain) = StandardTypes.inputs[name] else { return nil }
        let type = try structure.map { (tag) throws(Diagnostic) in try pointer(toStructure: tag) } ?? plain
        return Operand(try make(.input(input), type, at: position))
    }

    /// `struct tag *`; of a struct that this kernel does not have, only the name is known.
    func pointer(toStructure tag: String) throws(Diagnostic) -> DType {
        .pointer(to: try structure(tag, isUnion: false) ?? declareStructure(tag, isUnion: false))
    }

    func enumerator(_ name: String) throws(Diagnostic) -> (type: DType, value: UInt64)? {
        if let found = enumerators[name] { return found }
        if try fromLibrary(.enumerator(name)), let found = enumerators[name] { return found }
        guard let (type, bits) = program.types.enumerator(name) else { return nil }
        enumerators[name] = (type, bits)
        return (type, bits)
    }

    private func unknown(_ name: String, _ position: SourcePosition) -> Diagnostic {
        if StandardTypes.userSpace.contains(name) {
            return Diagnostic(
                "'\(name)' is about user space", at: position, advice: "nettrace traces the kernel only",
                tag: .init("FUNC_UNDEF"))
        }
        for scope in [VariableScope.thread, .clause] where entries[scope]?[name] != nil {
            return Diagnostic(
                "there is no global variable '\(name)'", at: position,
                advice: "there is one of this name in another scope: \(scope.rawValue)->\(name)",
                tag: .init("IDENT_UNDEF"))
        }
        var known = Set(StandardTypes.builtins.keys).union(entries[.global, default: [:]].keys)
        known.formUnion(inlines.keys)
        known.formUnion(enumerators.keys)
        known.formUnion(library.valueNames)
        return Diagnostic(
            "unknown name '\(name)'", at: position,
            advice: Self.near(name, known)
                ?? "a variable exists from its first assignment on, in the order of the text", tag: .init("IDENT_UNDEF")
        )
    }

    func scoped(_ scope: VariableScope, _ name: String, _ position: SourcePosition) throws(Diagnostic) -> Operand {
        if let entry = entries[scope]?[name] { return try load(entry, "\(scope.rawValue)->\(name)", position) }
        throw Diagnostic(
            "unknown variable '\(scope.rawValue)->\(name)'", at: position,
            advice: Self.near(name, entries[scope, default: [:]].keys, prefix: "\(scope.rawValue)->")
                ?? "a variable exists from its first assignment on, in the order of the text", tag: .init("VAR_UNDEF"))
    }

    private func load(_ entry: Entry, _ name: String, _ position: SourcePosition) throws(Diagnostic) -> Operand {
        switch entry {
        case .variable(let index):
            return Operand(
                try make(.storage(Storage(.variable(index))), program.variables[index].type, at: position))
        case .array(let index):
            let keys = program.arrays[index].keys.map(spelling).joined(separator: ", ")
            throw Diagnostic(
                "'\(name)' is an array and needs its keys", at: position, advice: "as in \(name)[\(keys)]",
                tag: .init("IDENT_BADREF"))
        }
    }

    /// `` `name `` or `` module`name ``: BTF has no types of variables, so the value counts as 64 bits.
    func symbol(_ name: String, _ position: SourcePosition) throws(Diagnostic) -> Operand {
        let parts = name.split(separator: "`").map(String.init)
        guard let symbol = parts.last, parts.count <= 2 else {
            throw Diagnostic(
                "'\(name)' is no symbol of the kernel", at: position, advice: "as in `jiffies or vmlinux`jiffies",
                tag: .init("SYM_BADREF"))
        }
        let module = parts.count == 2 ? parts[0] : nil
        let type = program.types.variable(symbol) ?? .unsignedLong
        let address = try make(.symbol(module: module, name: symbol), .pointer(to: type), at: position)
        return Operand(try make(.memory(address: address, offset: 0, bits: nil), type, at: position))
    }
}

extension TypeStore {
    /// The type of a variable of the kernel, if BTF knows it (those per CPU).
    func variable(_ name: String) -> DType? {
        guard let kernel, let id = kernel.find(.variable, name), let record = kernel.record(id) else { return nil }
        let type = type(record.target)
        return type == .void ? nil : type
    }
}
