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

extension RawSpan {
    /// A number of at most 128 bits, the first bit of the wire highest; nil if not captured.
    public func bits(_ bits: ProtocolField.Bits, from start: Int = 0) -> UInt128? {
        let first = start + bits.start / 8
        let end = start + (bits.start + bits.count + 7) / 8
        guard bits.count > 0, first >= 0, end <= byteCount else { return nil }
        let skipped = bits.start % 8
        if skipped >= 0, skipped + bits.count <= 64, let word = u64(first) {
            return UInt128((word << UInt64(skipped)) >> UInt64(64 - bits.count))
        }
        let unused = end * 8 - start * 8 - bits.start - bits.count
        // 128 bits that do not begin at a byte lie in 17 bytes: the first one is shifted out at the top.
        var value: UInt128 = 0
        for offset in first..<end - 1 { value = value << 8 | UInt128(u8(offset) ?? 0) }
        value = value << UInt128(8 - unused) | UInt128((u8(end - 1) ?? 0) >> UInt8(unused))
        return bits.count >= 128 ? value : value & ((1 << UInt128(bits.count)) - 1)
    }
}
