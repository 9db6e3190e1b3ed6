/// The kinds of types in BTF: include/uapi/linux/btf.h, BTF_KIND_.
public enum TypeKind: UInt32, Sendable {
    case integer = 1, pointer, array, structure, union, enumeration, forward, typedef
    case volatile, const, restrict
    case function, prototype, variable, section, floating, declarationTag, typeTag, enumeration64

    /// Whether it only gives another type a name or a qualifier.
    var isTransparent: Bool {
        switch self {
        case .typedef, .volatile, .const, .restrict, .typeTag: true
        default: false
        }
    }

    /// Bytes that follow the `struct btf_type`: fixed, and per element.
    var trailer: (fixed: Int, each: Int) {
        switch self {
        case .integer, .variable, .declarationTag: (4, 0)
        case .array: (12, 0)
        case .structure, .union, .section, .enumeration64: (0, 12)
        case .enumeration, .prototype: (0, 8)
        default: (0, 0)
        }
    }
}

/// A type's number in its table. 0: void.
public struct TypeID: Hashable, Sendable, Comparable {
    public let number: UInt32
    public init(_ number: UInt32) { self.number = number }
    public static let void = TypeID(0)
    public static func < (one: TypeID, other: TypeID) -> Bool { one.number < other.number }
}

/// The place of a name among a table's strings. 0: no name.
public struct NameOffset: Hashable, Sendable {
    public let number: UInt32
    init(_ number: UInt32) { self.number = number }
}
