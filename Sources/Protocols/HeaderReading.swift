// All decoders read through these functions: network byte order, any alignment, nil beyond the captured bytes.
extension RawSpan {
    @inline(__always)
    func u8(_ offset: Int) -> UInt8? {
        guard offset >= 0, offset < byteCount else { return nil }
        return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    func u16(_ offset: Int) -> UInt16? {
        bigEndian(UInt16.self, offset)
    }

    @inline(__always)
    func u32(_ offset: Int) -> UInt32? {
        bigEndian(UInt32.self, offset)
    }

    @inline(__always)
    func u64(_ offset: Int) -> UInt64? {
        bigEndian(UInt64.self, offset)
    }

    /// A MAC address in the low 48 bits.
    @inline(__always)
    func u48(_ offset: Int) -> UInt64? {
        guard let high = u16(offset), let low = u32(offset + 2) else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }

    /// Whether `count` bytes at `offset` were captured.
    @inline(__always)
    func holds(_ count: Int, at offset: Int) -> Bool {
        offset >= 0 && offset <= byteCount - count
    }

    @inline(__always)
    private func bigEndian<Value: FixedWidthInteger & BitwiseCopyable>(
        _: Value.Type, _ offset: Int
    ) -> Value? {
        guard holds(MemoryLayout<Value>.size, at: offset) else { return nil }
        return Value(bigEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Value.self))
    }
}
