/// A format of printf or printa, parsed and checked against its arguments.
public struct Format: Hashable, Sendable {
    public enum Piece: Hashable, Sendable {
        /// Bytes as they are; escapes and `%%` are resolved.
        case text([UInt8])
        case conversion(Conversion)
    }

    public struct Conversion: Hashable, Sendable {
        /// `-`, `+`, space, `0`, `#`, `'`.
        public struct Flags: OptionSet, Hashable, Sendable {
            public let rawValue: UInt8
            public init(rawValue: UInt8) { self.rawValue = rawValue }
            public static let left = Flags(rawValue: 1)
            public static let plus = Flags(rawValue: 2)
            public static let space = Flags(rawValue: 4)
            public static let zero = Flags(rawValue: 8)
            public static let alternate = Flags(rawValue: 16)
            public static let grouped = Flags(rawValue: 32)
        }

        public enum Number: Hashable, Sendable {
            case fixed(Int)
            /// `*`: index of the argument. A negative width stands for the flag `-`.
            case argument(Int)
        }

        /// The meaning of the letter, with the argument's sign taken into account: `%d` of an unsigned type is
        /// `.unsignedDecimal`.
        public enum Kind: Hashable, Sendable {
            case signedDecimal, unsignedDecimal, octal, hexadecimal, upperHexadecimal
            case character
            /// `%C`: with escapes for bytes that are not printable; `%S`: likewise a text.
            case escapedCharacter, escapedText
            case text
            /// `%p`: hexadecimal with 0x.
            case pointer
            /// `%a`: the symbol and offset of an address; `%A`: the same of user space.
            case symbol, userSymbol
            /// `%k`: a stack.
            case stack
            /// `%Y`: date and time; `%T`: `%Y` with nanoseconds.
            case date, timeOfDay
            /// `%e`, `%f`, `%g`.
            case floating(UInt8)
        }

        public var flags: Flags
        public var width: Number?
        public var precision: Number?
        public var kind: Kind
        /// Bytes of the integer that is printed (1, 2, 4, 8); 0 for texts and stacks.
        public var size: Int
        /// Index of the argument (printf), of the key (printa), or of the aggregation if `isAggregation`.
        public var argument: Int
        /// `%@d`: the value of an aggregation instead of a key.
        public var isAggregation: Bool

        public init(
            flags: Flags = [], width: Number? = nil, precision: Number? = nil, kind: Kind, size: Int = 0,
            argument: Int, isAggregation: Bool = false
        ) {
            self.flags = flags
            self.width = width
            self.precision = precision
            self.kind = kind
            self.size = size
            self.argument = argument
            self.isAggregation = isAggregation
        }
    }

    public var pieces: [Piece]

    public init(_ pieces: [Piece]) { self.pieces = pieces }
}
