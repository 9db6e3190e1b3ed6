extension TypeTable {
    /// The type as C spells it: `struct sk_buff *`, `unsigned int`, `char[16]`, `int (*)(struct sock *)`.
    public func spelling(of id: TypeID) -> String { spelling(of: id, depth: 0) }

    private func spelling(of id: TypeID, depth: Int) -> String {
        guard depth < 32 else { return "…" }
        let type = type(id)
        func inner(_ id: TypeID) -> String { spelling(of: id, depth: depth + 1) }
        switch type.form {
        case .void: return "void"
        case .integer, .floating, .typedef: return type.name
        case .structure: return "struct \(named(type))"
        case .union: return "union \(named(type))"
        case .enumeration: return "enum \(named(type))"
        case .incomplete(let isUnion): return "\(isUnion ? "union" : "struct") \(type.name)"
        case .array(let element, let count): return "\(inner(element))[\(count)]"
        case .pointer(let target):
            if case .prototype(let prototype) = self.type(target).form {
                return spelling(of: prototype, declarator: " (*)", depth: depth + 1)
            }
            let text = inner(target)
            return text.hasSuffix("*") ? text + "*" : text + " *"
        case .qualified(.typeTag, let target): return inner(target)
        case .qualified(let kind, let target):
            let text = inner(target)
            return text.hasSuffix("*") ? "\(text) \(kind)" : "\(kind) \(text)"
        case .prototype(let prototype): return spelling(of: prototype, declarator: "", depth: depth + 1)
        case .function(let target): return inner(target)
        case .other: return type.name
        }
    }

    private func named(_ type: KernelType) -> String { type.name.isEmpty ? "{…}" : type.name }

    private func spelling(of prototype: Prototype, declarator: String, depth: Int) -> String {
        // Prototypes within prototypes are few; a damaged table may have one within itself.
        let depth = depth + 8
        guard depth < 32 else { return "…" }
        var parameters = prototype.parameters.prefix(16).map { spelling(of: $0.type, depth: depth) }
        if prototype.isVariadic || prototype.parameters.count > 16 { parameters.append("...") }
        if parameters.isEmpty { parameters = ["void"] }
        return "\(spelling(of: prototype.result, depth: depth))\(declarator)(\(parameters.joined(separator: ", ")))"
    }
}
