/// CRC-32C (Castagnoli), as in iSCSI (RFC 3720, appendix B.4), ext4 and Btrfs: detects every burst of up to 32 bits.
struct Checksum {
    private var state: UInt32 = ~0

    var value: UInt32 { ~state }

    init() {}

    init(_ bytes: RawSpan) {
        add(bytes)
    }

    /// Processes eight bytes at a time, with one table for each position; the rest byte by byte.
    mutating func add(_ bytes: RawSpan) {
        let tables = Self.tables.span
        var crc = state
        var at = 0
        while at + 8 <= bytes.byteCount {
            let word = bytes.littleEndian(UInt64.self, at: at) ^ UInt64(crc)
            crc =
                tables[0x700 | Int(word & 0xff)] ^ tables[0x600 | Int(word >> 8 & 0xff)]
                ^ tables[0x500 | Int(word >> 16 & 0xff)] ^ tables[0x400 | Int(word >> 24 & 0xff)]
                ^ tables[0x300 | Int(word >> 32 & 0xff)] ^ tables[0x200 | Int(word >> 40 & 0xff)]
                ^ tables[0x100 | Int(word >> 48 & 0xff)] ^ tables[Int(word >> 56)]
            at += 8
        }
        while at < bytes.byteCount {
            crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes.littleEndian(UInt8.self, at: at))) & 0xff)]
            at += 1
        }
        state = crc
    }

    /// `tables[n << 8 | byte]`: the effect of a byte on the checksum if n more bytes follow it.
    private static let tables: [UInt32] = {
        var tables = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 0 ? 0 : 0x82f6_3b78) }
        }
        for index in 256..<2048 {
            let crc = tables[index - 256]
            tables.append(crc >> 8 ^ tables[Int(crc & 0xff)])
        }
        return tables
    }()
}

extension RawSpan {
    /// A little-endian integer at any alignment; the caller has checked the bounds.
    func littleEndian<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type, at offset: Int) -> Value {
        precondition(offset >= 0 && offset <= byteCount - MemoryLayout<Value>.size)
        return unsafe Value(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Value.self))
    }
}
