/// A set of names that may be wanted: one bit per hash of a name's first eight bytes, without the suffix that compilers
/// append to the names of copies. False positives are possible.
struct NamePrefixes {
    static let indexBits = 18
    static let multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15

    private(set) var bits = [UInt8](repeating: 0, count: (1 << indexBits) / 8)

    /// Contains every name.
    static var all: NamePrefixes {
        var all = NamePrefixes(of: [])
        for place in all.bits.indices { all.bits[place] = 0xff }
        return all
    }

    init(of names: some Sequence<String>) {
        for name in names {
            let index = Self.index(of: name)
            bits[index / 8] |= 1 << UInt8(index % 8)
        }
    }

    func contains(_ name: String) -> Bool {
        let index = Self.index(of: name)
        return bits[index / 8] >> UInt8(index % 8) & 1 != 0
    }

    private static func index(of name: String) -> Int {
        var word: UInt64 = 0
        for (place, byte) in name.utf8.prefix(8).prefix(while: { $0 != UInt8(ascii: ".") }).enumerated() {
            word |= UInt64(byte) << UInt64(8 * place)
        }
        return Int((word &* multiplier) >> UInt64(64 - indexBits))
    }
}
