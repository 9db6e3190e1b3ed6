public import KernelTypes

extension TypeStore {
    /// All tables, the kernel's first.
    var tables: [TypeTable] { (kernel.map { [$0] } ?? []) + (kernel == nil ? [] : modules) }

    /// The table of a number as in `StructureID.kernel`; types of the kernel that a module refers to are the kernel's.
    private func table(_ index: Int) -> TypeTable? { index < tables.count ? tables[index] : nil }

    private func home(_ number: UInt32, _ table: Int) -> Int {
        guard table > 0, let kernel, number < kernel.end else { return table }
        return 0
    }

    /// A type of the kernel or of a module as a type of D.
    public func type(_ id: TypeID, table: Int = 0) -> DType { type(id, table: table, depth: 0) }

    private func type(_ id: TypeID, table index: Int, depth: Int) -> DType {
        guard let table = table(index), depth < 24 else { return .void }
        let type = table.resolved(id)
        let home = home(type.id.number, index)
        switch type.form {
        case .void: return .void
        case .integer(let integer):
            // Kernel compilers make char signed on x86 and not on arm64; Linux 6.2 and newer never do.
            guard [8, 16, 32, 64].contains(integer.bits) else { return .array(of: .character, count: 16) }
            let isCharacter = integer.bits == 8 && (integer.isCharacter || type.name == "char")
            return .integer(
                IntegerType(
                    bits: integer.bits, isSigned: integer.isSigned || type.name == "char", isCharacter: isCharacter))
        case .floating: return .floating(bytes: table.size(of: type.id) ?? 8)
        case .pointer(let target): return .pointer(to: self.type(target, table: index, depth: depth + 1))
        case .array(let element, let count):
            return .array(of: self.type(element, table: index, depth: depth + 1), count: max(0, count))
        case .structure, .union, .incomplete: return .structure(.kernel(table: home, number: type.id.number))
        case .enumeration(let isSigned, _):
            let bits = 8 * (table.size(of: type.id) ?? 4)
            let integer = IntegerType(bits: [8, 16, 32, 64].contains(bits) ? bits : 32, isSigned: isSigned)
            return .enumeration(.kernel(table: home, number: type.id.number), integer)
        case .prototype, .function: return .function
        case .typedef, .qualified, .other: return .void
        }
    }

    /// A struct, union, enum or typedef of the kernel or a module by its name.
    func find(_ kinds: [TypeKind], _ name: String) -> DType? {
        lookups.find("\(kinds.map { String($0.rawValue) }.joined(separator: " ")) \(name)") {
            for (index, table) in tables.enumerated() {
                for kind in kinds {
                    if let id = table.find(kind, name) { return type(id, table: index) }
                }
            }
            return nil
        }
    }

    func enumerator(_ name: String) -> (type: DType, bits: UInt64)? {
        for (index, table) in tables.enumerated() {
            if let (id, bits) = table.findEnumerator(name) { return (type(id, table: index), bits) }
        }
        return nil
    }

    /// The members that can be written after `.` or `->`, in the order of the source.
    public func memberNames(of id: StructureID) -> [String] {
        switch id {
        case .kernel(let index, let number): table(index)?.memberNames(of: TypeID(number)) ?? []
        case .declared(let index): flatMembers(index).map(\.name)
        }
    }

    /// A member; its offset counts from the outer struct. Nil: no such member.
    public func member(_ name: String, of id: StructureID) -> Member? {
        switch id {
        case .kernel(let index, let number):
            guard let found = try? table(index)?.member(name, of: TypeID(number)) else { return nil }
            return Member(
                name, type(found.type, table: index), bitOffset: found.bitOffset, bitSize: found.bitSize)
        case .declared(let index):
            return flatMembers(index).first { $0.name == name }
        }
    }

    /// All members, those of unnamed structs in their place.
    public func members(of id: StructureID) -> [Member] {
        switch id {
        case .kernel(_, _): memberNames(of: id).compactMap { member($0, of: id) }
        case .declared(let index): flatMembers(index)
        }
    }

    private func flatMembers(_ index: Int, depth: Int = 0) -> [Member] {
        guard index < structures.count, depth < 16 else { return [] }
        return (structures[index].members ?? []).flatMap { member -> [Member] in
            guard member.name.isEmpty else { return [member] }
            guard case .structure(let inner) = member.type else { return [] }
            let members: [Member] =
                if case .declared(let number) = inner {
                    number < index || depth < 8 ? flatMembers(number, depth: depth + 1) : []
                } else {
                    self.members(of: inner)
                }
            return members.map { inner in
                var moved = inner
                moved.bitOffset += member.bitOffset
                return moved
            }
        }
    }
}
