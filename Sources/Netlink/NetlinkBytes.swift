/// Reads fixed fields from untrusted bytes in the machine's byte order. Reads beyond the end return nil.
extension ArraySlice<UInt8> {
    /// The number at an offset from the slice's start.
    func number<Number: FixedWidthInteger>(at offset: Int = 0, as _: Number.Type = Number.self) -> Number? {
        let size = Number.bitWidth / 8
        guard offset >= 0, count >= size, offset <= count - size else { return nil }
        var value: Number = 0
        for (place, byte) in self[(startIndex + offset)..<(startIndex + offset + size)].enumerated() {
            value |= Number(truncatingIfNeeded: byte) << Number(place * 8)
        }
        return Number(littleEndian: value)
    }

    /// `count` bytes at an offset from the slice's start.
    func bytes(at offset: Int, count wanted: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, wanted >= 0, offset <= count, wanted <= count - offset else { return nil }
        return self[(startIndex + offset)..<(startIndex + offset + wanted)]
    }

    /// The text up to the first NUL.
    var text: String { String(decoding: prefix { $0 != 0 }, as: UTF8.self) }
}

extension [UInt8] {
    /// Appends a number in the machine's byte order.
    mutating func append(number: some FixedWidthInteger) {
        let bytes = number.littleEndian
        for place in 0..<(bytes.bitWidth / 8) { append(UInt8(truncatingIfNeeded: bytes >> (place * 8))) }
    }

    /// NLMSG_ALIGN, NLA_ALIGN (include/uapi/linux/netlink.h).
    mutating func alignToFour() {
        while count % 4 != 0 { append(0) }
    }
}
