/// A type of D. Typedefs and qualifiers are resolved; structs and enums are names in `TypeStore`, since kernel structs
/// refer to each other in circles.
public enum DType: Hashable, Sendable {
    case void
    case integer(IntegerType)
    /// Text of at most `ProgramOptions.strsize` bytes, its NUL included. Stored as that many bytes.
    case string
    /// Text of an IPv4 or IPv6 address that is kept as an address and becomes text when it is printed: a family
    /// (0, 4 or 6) and 16 bytes. Converts to `.string` by an explicit `convert`. Family 0 is the empty text.
    case addressText
    indirect case pointer(to: DType)
    indirect case array(of: DType, count: Int)
    /// A struct or union.
    case structure(StructureID)
    case enumeration(EnumerationID, IntegerType)
    /// `float` and `double` of the kernel: has a size, and no value.
    case floating(bytes: Int)
    case function
    /// The value of `stack(frames)` as a key or argument: that many 64-bit addresses, innermost first, 0 after the last.
    case stack(frames: Int)
    /// An address that is printed as the name of its symbol: `func()`, `mod()`, `sym()`.
    case symbol(SymbolForm)

    public static let int = DType.integer(.int)
    public static let unsignedInt = DType.integer(.unsignedInt)
    public static let long = DType.integer(.long)
    public static let unsignedLong = DType.integer(.unsignedLong)
    public static let character = DType.integer(IntegerType(bits: 8, isSigned: true, isCharacter: true))
}

public enum SymbolForm: Hashable, Sendable {
    /// `module`function+0xoffset`
    case symbol
    /// `module`function`
    case function
    case module
}

/// An integer: its values are kept in 64 bits, sign- or zero-extended from `bits`.
public struct IntegerType: Hashable, Sendable {
    /// 8, 16, 32 or 64.
    public var bits: Int
    public var isSigned: Bool
    /// `char`, of which pointers and arrays can be strings.
    public var isCharacter = false

    public init(bits: Int, isSigned: Bool, isCharacter: Bool = false) {
        self.bits = bits
        self.isSigned = isSigned
        self.isCharacter = isCharacter
    }

    public var bytes: Int { bits / 8 }

    public static let int = IntegerType(bits: 32, isSigned: true)
    public static let unsignedInt = IntegerType(bits: 32, isSigned: false)
    public static let long = IntegerType(bits: 64, isSigned: true)
    public static let unsignedLong = IntegerType(bits: 64, isSigned: false)

    /// The value's low `bits`, extended to 64.
    public func extended(_ value: UInt64) -> UInt64 {
        guard bits < 64, bits > 0 else { return value }
        let shift = UInt64(64 - bits)
        let high = value << shift
        return isSigned ? UInt64(bitPattern: Int64(bitPattern: high) >> Int64(shift)) : high >> shift
    }
}

/// A struct or union: one of the kernel's, or one that a D text declares.
public enum StructureID: Hashable, Sendable {
    /// `table` 0 is the kernel's; n is the n-th module of `TypeStore.modules`, counted from 1.
    case kernel(table: Int, number: UInt32)
    /// Index into `TypeStore.structures`.
    case declared(Int)
}

public enum EnumerationID: Hashable, Sendable {
    case kernel(table: Int, number: UInt32)
    /// Index into `TypeStore.enumerations`.
    case declared(Int)
}

extension DType {
    /// Integers and enums compute as this; nil for all else.
    public var integer: IntegerType? {
        switch self {
        case .integer(let type), .enumeration(_, let type): type
        default: nil
        }
    }

    public var isPointer: Bool { target != nil }

    /// The type that a pointer points to.
    public var target: DType? {
        guard case .pointer(let target) = self else { return nil }
        return target
    }

    /// Integers, enums and pointers: their value is 64 bits in a register.
    public var isScalar: Bool { integer != nil || isPointer }

    /// A text, in either representation.
    public var isText: Bool { self == .string || self == .addressText }
}
