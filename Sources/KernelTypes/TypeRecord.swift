/// One type as it lies in its table. For reading many types fast; `KernelType` is the comfortable form.
public struct TypeRecord: Sendable {
    public let name: NameOffset
    let info: UInt32
    let sizeOrType: UInt32
    /// Where the elements begin in the table whose first type has this number.
    let place: Int
    let owner: UInt32

    public var kind: TypeKind {
        // The table has checked it when it was opened.
        TypeKind(rawValue: info >> 24 & 0x1f) ?? .forward
    }

    /// Number of members, parameters or enumerators.
    public var count: Int { Int(info & 0xffff) }

    /// Structs: whether bit-fields are among the members. Enums: whether they are signed (since Linux 6.0). Forward
    /// declarations: whether it is a union.
    public var flag: Bool { info >> 31 != 0 }

    /// Bytes, for kinds that have a size of their own.
    public var size: Int { Int(sizeOrType) }

    /// The type that a pointer, typedef, qualifier, function or prototype refers to.
    public var target: TypeID { TypeID(sizeOrType) }

    /// A member, parameter or enumerator.
    public struct Element: Sendable {
        public let name: NameOffset
        let first: UInt32
        let second: UInt32

        /// Of a member or parameter.
        public var type: TypeID { TypeID(first) }
        /// Of an enumerator; the lower half of a 64-bit one.
        public var value: UInt32 { first }
        /// The upper half.
        public var upperValue: UInt32 { second }
    }

    /// Of a struct's or union's member: where it begins, and its length if it is a bit-field.
    public func bits(_ member: Element) -> (offset: Int, size: Int?) {
        guard flag else { return (Int(member.second), nil) }
        let size = Int(member.second >> 24)
        return (Int(member.second & 0xff_ffff), size == 0 ? nil : size)
    }
}

extension TypeTable {
    /// Members, parameters or enumerators.
    public func elements(of record: TypeRecord) -> some Sequence<TypeRecord.Element> {
        let each = record.kind.trailer.each
        return (0..<(each == 0 ? 0 : record.count)).lazy.map { index in
            let start = record.place + index * each
            return self.element(at: start, of: record.owner, isWide: each == 12)
        }
    }

    private func element(at place: Int, of owner: UInt32, isWide: Bool) -> TypeRecord.Element {
        TypeRecord.Element(
            name: NameOffset(word(place, of: owner)), first: word(place + 4, of: owner),
            second: isWide ? word(place + 8, of: owner) : 0)
    }

    /// The description of an integer.
    public func integer(_ record: TypeRecord) -> KernelType.Integer {
        let description = word(record.place, of: record.owner)
        return KernelType.Integer(
            bits: Int(description & 0xff), isSigned: description >> 24 & 1 != 0,
            isCharacter: description >> 25 & 1 != 0, isBoolean: description >> 26 & 1 != 0)
    }

    /// Element type, index type and number of elements of an array.
    public func array(_ record: TypeRecord) -> (element: TypeID, index: TypeID, count: Int) {
        (
            TypeID(word(record.place, of: record.owner)), TypeID(word(record.place + 4, of: record.owner)),
            Int(word(record.place + 8, of: record.owner))
        )
    }
}
