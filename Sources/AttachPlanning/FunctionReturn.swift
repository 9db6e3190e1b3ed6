public import Tracers

/// What is known of a function's return value.
public struct FunctionReturn: Sendable, Hashable {
    /// From the running kernel's BTF.
    public var type: ReturnType
    /// From the catalog: what the number means where the type does not say.
    public var meaning: ReturnMeaning?

    public init(type: ReturnType = .unknown, meaning: ReturnMeaning? = nil) {
        self.type = type
        self.meaning = meaning
    }
}

/// The C type of a return value, typedefs resolved.
public enum ReturnType: Sendable, Hashable {
    /// The kernel has no type information, or functions of one name differ.
    case unknown
    case void
    /// `_Bool`: the lowest byte of the register.
    case boolean
    /// - Parameter bits: 8 to 64; the register's upper bits are undefined.
    case integer(bits: Int, isSigned: Bool)
    /// - Parameter to: name of the struct; `nil`: anything else.
    case pointer(to: String?)
    case enumeration(Enumeration)
}

/// An enum of the kernel: one object per type, which all functions that return it share.
public final class Enumeration: Sendable {
    /// Without `enum`; empty where it has none.
    public let name: String
    /// Width of the type: 8 to 64.
    public let bits: Int
    public let isSigned: Bool
    /// The first name that the source gives to each value; values are cut to `bits`.
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

    /// Enums of one name and size are rarely different.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(names.count)
    }
}
