import AttachPlanning

/// A function's return value: its register, cut and signed as its type says.
enum ReturnValue: Equatable {
    /// `void`: the register holds no value.
    case none
    case boolean(Bool)
    case signed(Int64)
    case unsigned(UInt64)
    case null
    case address(UInt64)
    /// A type that is not known: the register as it is.
    case register(UInt64)

    init(_ register: UInt64, of function: FunctionReturn) {
        switch function.type {
        case .void: self = .none
        // include/linux/types.h: bool is _Bool, and the calling conventions define its lowest byte.
        case .boolean: self = .boolean(register & 0xff != 0)
        case .integer(let bits, let isSigned): self = Self.integer(register, bits: bits, isSigned: isSigned)
        case .enumeration(let type): self = Self.integer(register, bits: type.bits, isSigned: type.isSigned)
        case .pointer: self = Self.pointer(register)
        // Meanings are those of an int.
        case .unknown: self = function.meaning == nil ? .register(register) : .signed(Self.int(register))
        }
    }

    /// The number that a meaning or an error number is looked for in; nil for what is no number.
    var number: Int64? {
        switch self {
        case .signed(let value): value
        case .unsigned(let value): Int64(truncatingIfNeeded: value)
        default: nil
        }
    }

    /// The register as an `int`.
    static func int(_ register: UInt64) -> Int64 { Int64(Int32(truncatingIfNeeded: register)) }

    private static func integer(_ register: UInt64, bits: Int, isSigned: Bool) -> ReturnValue {
        // From a file the width may be anything.
        let unused = Int64(64 - min(max(bits, 1), 64))
        guard isSigned else { return .unsigned((register << UInt64(unused)) >> UInt64(unused)) }
        return .signed(Int64(bitPattern: register << UInt64(unused)) >> unused)
    }

    /// include/linux/err.h: the last page of the address space stands for error numbers.
    private static func pointer(_ register: UInt64) -> ReturnValue {
        if register == 0 { return .null }
        let error = Int64(bitPattern: register)
        return -ErrorPointer.maximum...(-1) ~= error ? .signed(error) : .address(register)
    }
}

/// include/linux/err.h
enum ErrorPointer {
    /// MAX_ERRNO
    static let maximum: Int64 = 4095
}
