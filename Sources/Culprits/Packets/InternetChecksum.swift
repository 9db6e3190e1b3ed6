/// The checksum of RFC 1071 over big-endian words.
struct InternetChecksum {
    private var sum: UInt32 = 0

    /// An odd last byte counts as the upper half of a word.
    mutating func add(_ bytes: ArraySlice<UInt8>) {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let low = index + 1 < bytes.endIndex ? UInt32(bytes[index + 1]) : 0
            add(UInt32(bytes[index]) << 8 | low)
            index += 2
        }
    }

    mutating func add(_ word: UInt32) {
        sum += (word >> 16) + (word & 0xffff)
        sum = (sum >> 16) + (sum & 0xffff)
    }

    /// The sum folded into one word; 0xffff over data that contains its own correct checksum.
    var folded: UInt16 { UInt16((sum >> 16) + (sum & 0xffff)) }
}
