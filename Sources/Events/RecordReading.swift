extension RawSpan {
    /// Reads a value of the record layout at any alignment; nil if it does not fit.
    @inlinable
    func load<Value: BitwiseCopyable>(_: Value.Type, at offset: Int) -> Value? {
        guard offset >= 0, offset <= byteCount - MemoryLayout<Value>.size else { return nil }
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Value.self)
    }

    /// The bytes of a fixed-size text field up to its first NUL. The field must lie inside the span.
    @inlinable
    @_lifetime(copy self)
    func text(at offset: Int, size: Int) -> RawSpan {
        var count = 0
        while count < size, let byte = load(UInt8.self, at: offset + count), byte != 0 {
            count += 1
        }
        return extracting(offset..<offset + count)
    }
}
