/// Writes types as BTF: extracts of a kernel's types, types of a script's own, and types for tests.
///
/// With a base, the new types may refer to those of the base, and their numbers continue it.
public struct TypeBuilder {
    private let base: TypeTable?
    private var types: [UInt8] = []
    private var strings: [UInt8] = []
    private var known: [String: UInt32] = [:]
    /// Places of strings that were copied, by their place in the source.
    private var copied: [NameOffset: UInt32] = [:]
    private let firstString: UInt32
    public private(set) var next: TypeID

    public init(after base: TypeTable? = nil) {
        self.base = base
        next = TypeID(base?.end ?? 1)
        firstString = base?.endOfStrings ?? 0
        // The first string of the first table is empty; no name means place 0.
        strings = base == nil ? [0] : []
    }

    public mutating func addInteger(
        _ name: String, bytes: Int, isSigned: Bool = false, isBoolean: Bool = false
    ) -> TypeID {
        let encoding: UInt32 = (isSigned ? 1 : 0) | (isBoolean ? 4 : 0)
        return add(.integer, name, UInt32(bytes), [encoding << 24 | UInt32(8 * bytes)])
    }

    public mutating func addPointer(to target: TypeID) -> TypeID { add(.pointer, "", target.number, []) }

    /// A typedef, or a qualifier or forward declaration, which have no name or no target.
    public mutating func add(_ kind: TypeKind, _ name: String = "", of target: TypeID = .void) -> TypeID {
        add(kind, name, target.number, [])
    }

    public mutating func addArray(of element: TypeID, index: TypeID, count: Int) -> TypeID {
        add(.array, "", 0, [element.number, index.number, UInt32(count)])
    }

    public mutating func addStructure(
        _ name: String, bytes: Int, isUnion: Bool = false, _ members: [KernelType.Member]
    ) -> TypeID {
        let hasBitFields = members.contains { $0.bitSize != nil }
        let words = members.flatMap { member -> [UInt32] in
            let size = hasBitFields ? UInt32(member.bitSize ?? 0) << 24 : 0
            return [place(of: member.name), member.type.number, size | UInt32(member.bitOffset)]
        }
        return add(
            isUnion ? .union : .structure, name, UInt32(bytes), words, count: members.count, flag: hasBitFields)
    }

    public mutating func addEnumeration(
        _ name: String, bytes: Int = 4, isSigned: Bool = false, _ values: [(name: String, value: Int64)]
    ) -> TypeID {
        let isWide = bytes > 4
        let words = values.flatMap { value -> [UInt32] in
            let bits = UInt64(bitPattern: value.value)
            let lower = [place(of: value.name), UInt32(truncatingIfNeeded: bits)]
            return isWide ? lower + [UInt32(truncatingIfNeeded: bits >> 32)] : lower
        }
        return add(
            isWide ? .enumeration64 : .enumeration, name, UInt32(bytes), words, count: values.count, flag: isSigned)
    }

    public mutating func addPrototype(returning result: TypeID, _ parameters: [(name: String, type: TypeID)]) -> TypeID
    {
        let words = parameters.flatMap { [place(of: $0.name), $0.type.number] }
        return add(.prototype, "", result.number, words, count: parameters.count)
    }

    /// Copies a type of another table. `renamed` gives the new number of each type that it refers to.
    public mutating func copy(_ record: TypeRecord, of types: TypeTable, renamed: (TypeID) -> TypeID) -> TypeID {
        let hasTarget =
            record.kind.isTransparent
            || [.pointer, .prototype, .function, .variable, .declarationTag].contains(record.kind)
        let target = hasTarget ? renamed(record.target).number : record.sizeOrType
        var words: [UInt32] = []
        switch record.kind {
        case .structure, .union, .prototype:
            for element in types.elements(of: record) {
                words += [copy(element.name, of: types), renamed(element.type).number]
                if record.kind != .prototype { words.append(element.second) }
            }
        case .enumeration, .enumeration64:
            for element in types.elements(of: record) {
                words += [copy(element.name, of: types), element.value]
                if record.kind == .enumeration64 { words.append(element.upperValue) }
            }
        case .array:
            let array = types.array(record)
            words = [renamed(array.element).number, renamed(array.index).number, UInt32(array.count)]
        case .section:
            // struct btf_var_secinfo: type, offset, size.
            for index in 0..<record.count {
                let place = record.place + 12 * index
                words.append(renamed(TypeID(types.word(place, of: record.owner))).number)
                words += [4, 8].map { types.word(place + $0, of: record.owner) }
            }
        default:
            for index in 0..<record.kind.trailer.fixed / 4 {
                words.append(types.word(record.place + 4 * index, of: record.owner))
            }
        }
        return add(record.info, copy(record.name, of: types), target, words)
    }

    /// The types as BTF of this machine's byte order.
    public func bytes() -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(24 + types.count + strings.count)
        // struct btf_header: magic and version, its length, offset and length of types and strings.
        for word in [0x1_eb9f, 24, 0, UInt32(types.count), UInt32(types.count), UInt32(strings.count)] {
            all.append(word: word)
        }
        return all + types + strings
    }

    // MARK: Words

    private mutating func add(
        _ kind: TypeKind, _ name: String, _ sizeOrType: UInt32, _ words: [UInt32], count: Int = 0, flag: Bool = false
    ) -> TypeID {
        add(kind.rawValue << 24 | UInt32(count) | (flag ? 1 << 31 : 0), place(of: name), sizeOrType, words)
    }

    private mutating func add(_ info: UInt32, _ name: UInt32, _ sizeOrType: UInt32, _ words: [UInt32]) -> TypeID {
        types.append(word: name)
        types.append(word: info)
        types.append(word: sizeOrType)
        for word in words { types.append(word: word) }
        defer { next = TypeID(next.number + 1) }
        return next
    }

    private mutating func place(of name: String) -> UInt32 {
        guard !name.isEmpty else { return 0 }
        if let place = known[name] { return place }
        let place = firstString + UInt32(strings.count)
        strings += Array(name.utf8) + [0]
        known[name] = place
        return place
    }

    private mutating func copy(_ name: NameOffset, of table: TypeTable) -> UInt32 {
        guard name.number != 0 else { return 0 }
        if let place = copied[name] { return place }
        let place = firstString + UInt32(strings.count)
        _ = table.withName(name) { strings += $0 }
        strings.append(0)
        copied[name] = place
        return place
    }
}

extension [UInt8] {
    fileprivate mutating func append(word: UInt32) {
        Swift.withUnsafeBytes(of: word) { append(contentsOf: $0) }
    }
}
