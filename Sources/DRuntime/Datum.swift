/// A value of D as user space prints it.
public enum Datum: Hashable, Sendable {
    case integer(Integer)
    /// A string, without its NUL.
    case text([UInt8])
    /// Return addresses, the innermost first.
    case stack([UInt64])

    /// A number with the size and the sign of its type, which decide how it is printed.
    public struct Integer: Hashable, Sendable {
        /// Sign-extended if the type is signed, otherwise zero-extended.
        public var bits: UInt64
        /// Bytes of the type: 1, 2, 4 or 8.
        public var size: Int
        public var isSigned: Bool

        /// - Parameter bits: those above the size are ignored.
        public init(bits: UInt64, size: Int, isSigned: Bool) {
            let unused = UInt64(64 - 8 * max(1, min(size, 8)))
            self.bits =
                isSigned
                ? UInt64(bitPattern: Int64(bitPattern: bits << unused) >> Int64(unused)) : (bits << unused) >> unused
            self.size = size
            self.isSigned = isSigned
        }

        /// The bits of the type alone, for hexadecimal and octal notation.
        public var pattern: UInt64 {
            let unused = UInt64(64 - 8 * max(1, min(size, 8)))
            return (bits << unused) >> unused
        }

        public var isNegative: Bool { isSigned && Int64(bitPattern: bits) < 0 }
        public var magnitude: UInt64 { isNegative ? 0 &- bits : bits }
    }

    public static func int64(_ value: Int64) -> Datum {
        .integer(Integer(bits: UInt64(bitPattern: value), size: 8, isSigned: true))
    }

    public static func int32(_ value: Int32) -> Datum {
        .integer(Integer(bits: UInt64(bitPattern: Int64(value)), size: 4, isSigned: true))
    }

    public static func uint64(_ value: UInt64) -> Datum {
        .integer(Integer(bits: value, size: 8, isSigned: false))
    }

    public static func string(_ text: String) -> Datum { .text(Array(text.utf8)) }
}

extension Datum: Comparable {
    /// The order of keys: numbers by value, strings as strcmp(3), stacks by their addresses.
    public static func < (one: Datum, other: Datum) -> Bool {
        switch (one, other) {
        case (.integer(let left), .integer(let right)):
            if left.isNegative != right.isNegative { return left.isNegative }
            return left.bits < right.bits
        case (.text(let left), .text(let right)): return left.lexicographicallyPrecedes(right)
        case (.stack(let left), .stack(let right)): return left.lexicographicallyPrecedes(right)
        case (.integer, _): return true
        case (.text, .stack): return true
        default: return false
        }
    }
}
