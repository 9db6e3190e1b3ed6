import KernelTypes

/// Finds the type of the return value in function prototypes. Each enum becomes one object, even if many functions
/// return it.
struct ReturnTypeFinder {
    /// By the type id in the prototype: there are few ids for thousands of functions.
    private var known: [TypeID: ReturnType] = [:]
    /// By the enum's own id: several typedefs may lead to one enum.
    private var enumerations: [TypeID: Enumeration] = [:]

    mutating func type(
        returnedBy prototype: TypeRecord, in types: TypeTable
    ) -> ReturnType {
        let id = prototype.target
        if let type = known[id] { return type }
        let type = self.type(id, in: types)
        known[id] = type
        return type
    }

    /// Forgets types from a number on.
    mutating func forget(from id: UInt32) {
        known = known.filter { $0.key.number < id }
        enumerations = enumerations.filter { $0.key.number < id }
    }

    private mutating func type(_ id: TypeID, in types: TypeTable) -> ReturnType {
        guard id != .void else { return .void }
        guard let (id, record) = types.resolve(id) else { return .unknown }
        switch record.kind {
        case .integer:
            let integer = types.integer(record)
            return integer.isBoolean ? .boolean : .integer(bits: integer.bits, isSigned: integer.isSigned)
        case .pointer: return .pointer(to: Self.structure(record.target, in: types))
        case .enumeration, .enumeration64:
            let enumeration = enumerations[id] ?? Self.enumeration(id, record, in: types)
            enumerations[id] = enumeration
            return .enumeration(enumeration)
        default: return .unknown
        }
    }

    private static func structure(_ id: TypeID, in types: TypeTable) -> String? {
        guard let (_, record) = types.resolve(id), record.kind == .structure else { return nil }
        let name = types.name(record.name)
        return name.isEmpty ? nil : name
    }

    private static func enumeration(_ id: TypeID, _ record: TypeRecord, in types: TypeTable) -> Enumeration {
        let bits = min(64, max(8, record.size * 8))
        let type = types.type(id)
        var names: [UInt64: String] = [:]
        guard case .enumeration(let isSigned, let enumerators) = type.form else {
            return Enumeration(name: type.name, bits: bits, isSigned: false, names: names)
        }
        for enumerator in enumerators {
            let value = enumerator.bits & (.max >> UInt64(64 - bits))
            if names[value] == nil { names[value] = enumerator.name }
        }
        return Enumeration(name: type.name, bits: bits, isSigned: isSigned, names: names)
    }
}
