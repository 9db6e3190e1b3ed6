/// The set of bytes that a position of a regular expression accepts.
struct ByteSet: Equatable {
    private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { insert(byte) }
    }

    static func == (left: Self, right: Self) -> Bool { left.bits == right.bits }

    static let any = ByteSet().inverted
    static let digits = ByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
    static let lowercase = ByteSet(UInt8(ascii: "a")...UInt8(ascii: "z"))
    static let uppercase = ByteSet(UInt8(ascii: "A")...UInt8(ascii: "Z"))
    static let letters = lowercase.union(uppercase)
    static let word = letters.union(digits).union(ByteSet("_".utf8))
    static let space = ByteSet(" \t\n\r\u{b}\u{c}".utf8)

    /// The named classes, such as `[:alpha:]`.
    static let named: [String: ByteSet] = [
        "alpha": letters, "digit": digits, "alnum": letters.union(digits), "lower": lowercase, "upper": uppercase,
        "space": space, "punct": ByteSet((0x21...0x7e)).subtracting(letters.union(digits)),
        "blank": ByteSet(" \t".utf8),
        "xdigit": digits.union(ByteSet("abcdefABCDEF".utf8)),
    ]

    mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: bits.0 |= bit
        case 1: bits.1 |= bit
        case 2: bits.2 |= bit
        default: bits.3 |= bit
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: bits.0
            case 1: bits.1
            case 2: bits.2
            default: bits.3
            }
        return word >> UInt64(byte & 63) & 1 != 0
    }

    var inverted: ByteSet {
        var result = self
        result.bits = (~bits.0, ~bits.1, ~bits.2, ~bits.3)
        return result
    }

    func union(_ other: ByteSet) -> ByteSet {
        var result = self
        result.bits = (bits.0 | other.bits.0, bits.1 | other.bits.1, bits.2 | other.bits.2, bits.3 | other.bits.3)
        return result
    }

    func subtracting(_ other: ByteSet) -> ByteSet { inverted.union(other).inverted }
}
