extension TypeTable {
    /// The first type of this kind and name, in the base or in this table. Takes about a millisecond.
    public func find(_ kind: TypeKind, _ name: String) -> TypeID? {
        if let found = base?.find(kind, name) { return found }
        let names = offsets(of: name)
        return names.isEmpty ? nil : first(kind, named: names)
    }

    /// The type of a spelling of C without declarators other than stars: `struct sk_buff *`, `unsigned int`, `__be32`.
    /// Returns the type without its stars, and how many there are; nil if the table has no such type.
    public func find(spelling: String) -> (type: TypeID, stars: Int)? {
        var words: [Substring] = []
        var stars = 0
        for word in spelling.replacing("*", with: " * ").split(whereSeparator: \.isWhitespace) {
            if word == "*" { stars += 1 } else { words.append(word) }
        }
        words.removeAll { ["const", "volatile"].contains($0) }
        guard let last = words.last else { return nil }
        let found: TypeID? =
            switch words.first {
            case "struct" where words.count == 2: find(.structure, String(last))
            case "union" where words.count == 2: find(.union, String(last))
            case "enum" where words.count == 2: find(.enumeration, String(last)) ?? find(.enumeration64, String(last))
            case "void" where words.count == 1: .void
            default: find(.typedef, words.joined(separator: " ")) ?? integer(words)
            }
        return found.map { ($0, stars) }
    }

    /// Compilers spell integers as `long unsigned int`, programmers in other orders and without `int`.
    private func integer(_ words: [Substring]) -> TypeID? {
        let plain = words.joined(separator: " ")
        let count = words.count { $0 == "long" }
        let isUnsigned = words.contains("unsigned")
        guard words.allSatisfy({ ["long", "unsigned", "signed", "int", "short", "char"].contains($0) }) else {
            return find(.integer, plain)
        }
        let name =
            if words.contains("char") {
                isUnsigned ? "unsigned char" : words.contains("signed") ? "signed char" : "char"
            } else if words.contains("short") {
                isUnsigned ? "short unsigned int" : "short int"
            } else {
                String(repeating: "long ", count: count) + (isUnsigned ? "unsigned int" : "int")
            }
        return find(.integer, name) ?? find(.integer, plain)
    }

    /// The enumerator of this name, in any enum.
    public func findEnumerator(_ name: String) -> (enumeration: TypeID, bits: UInt64)? {
        if let found = base?.findEnumerator(name) { return found }
        let names = offsets(of: name)
        guard !names.isEmpty else { return nil }
        let found = ids.lazy.map { TypeID($0) }.first { id in
            guard let record = record(id), record.kind == .enumeration || record.kind == .enumeration64 else {
                return false
            }
            return elements(of: record).contains { names.contains($0.name) }
        }
        guard let found, case .enumeration(_, let all) = type(found).form,
            let enumerator = all.first(where: { $0.name == name })
        else { return nil }
        return (found, enumerator.bits)
    }
}
