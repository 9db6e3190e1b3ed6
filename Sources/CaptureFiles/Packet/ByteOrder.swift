/// The byte order of the numbers of a file.
enum ByteOrder {
    case littleEndian, bigEndian
}

extension RawSpan {
    /// The number at an offset, which the caller has compared with the number of bytes.
    @inline(__always)
    func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _: Number.Type, at offset: Int, _ order: ByteOrder
    ) -> Number {
        let value = unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self)
        return order == .bigEndian ? Number(bigEndian: value) : Number(littleEndian: value)
    }

    @inline(__always) func u8(_ offset: Int) -> UInt8 { number(UInt8.self, at: offset, .bigEndian) }
    @inline(__always) func u16(_ offset: Int, _ order: ByteOrder) -> UInt16 { number(UInt16.self, at: offset, order) }
    @inline(__always) func u32(_ offset: Int, _ order: ByteOrder) -> UInt32 { number(UInt32.self, at: offset, order) }

    /// The bytes up to a zero byte.
    var text: String {
        withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension Int {
    var roundedUpTo4: Int { (self + 3) & ~3 }
}
