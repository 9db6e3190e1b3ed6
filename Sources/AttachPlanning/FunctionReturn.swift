public import Tracers

/// Type and meaning of a function's return value.
public struct FunctionReturn: Sendable, Hashable {
    /// From the running kernel's BTF.
    public var type: ReturnType
    /// From the catalog: the meaning of the number, if the type does not show it.
    public var meaning: ReturnMeaning?

    public init(type: ReturnType = .unknown, meaning: ReturnMeaning? = nil) {
        self.type = type
        self.meaning = meaning
    }
}

/// The C type of a return value, typedefs resolved.
public enum ReturnType: Sendable, Hashable {
    /// The kernel has no type information, or functions with this name differ.
    case unknown
    case void
    /// `_Bool`: the lowest byte of the register.
    case boolean
    /// - Parameter bits: 8 to 64; the register's upper bits are undefined.
    case integer(bits: Int, isSigned: Bool)
    /// - Parameter to: name of the struct; nil for all other types.
    case pointer(to: String?)
    case enumeration(Enumeration)
}

/// An enum of the kernel: one object per type, shared by all functions that return it.
public final class Enumeration: Sendable {
    /// Without `enum`; empty if it has none.
    public let name: String
    /// Width of the type in bits: 8 to 64.
    public let bits: Int
    public let isSigned: Bool
    /// The first name in the source for each value; values are cut to `bits`.
    public let names: [UInt64: String]

    public init(name: String, bits: Int, isSigned: Bool, names: [UInt64: String]) {
        self.name = name
        self.bits = bits
        self.isSigned = isSigned
        self.names = names
    }
}

extension Enumeration: Hashable {
    public static func == (left: Enumeration, right: Enumeration) -> Bool {
        left === right
            || (left.name == right.name && left.bits == right.bits && left.isSigned == right.isSigned
                && left.names == right.names)
    }

    /// Enums with the same name and size are usually equal, so that hashing all names is not worthwhile.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(names.count)
    }
}
