/// Consecutive fields of a payload.
extension [UInt8] {
    mutating func append<Value: FixedWidthInteger>(field value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// The number of UTF-8 bytes as u32, then the bytes. Cut to `BlockFormat.maximumText`.
    mutating func append(field text: String) {
        let bytes = text.utf8.prefix(BlockFormat.maximumText)
        append(field: UInt32(bytes.count))
        append(contentsOf: bytes)
    }

    mutating func replaceField(at offset: Int, _ value: UInt32) {
        for (index, shift) in [0, 8, 16, 24].enumerated() {
            self[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(shift))
        }
    }

    /// Appends zeros up to a multiple of 8.
    mutating func pad() {
        append(contentsOf: repeatElement(0, count: BlockFormat.padded(count) - count))
    }
}

/// Reads the fields of a payload in order. An incomplete field is nil, and so is every later one.
struct FieldReader: ~Escapable {
    private let bytes: RawSpan
    private var at = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { at == bytes.byteCount }

    @_lifetime(self: copy self)
    mutating func next<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> Value? {
        guard bytes.byteCount - at >= MemoryLayout<Value>.size else {
            at = bytes.byteCount
            return nil
        }
        defer { at += MemoryLayout<Value>.size }
        return bytes.littleEndian(Value.self, at: at)
    }

    @_lifetime(self: copy self)
    mutating func nextText() -> String? {
        guard let size = next(UInt32.self), Int(size) <= min(bytes.byteCount - at, BlockFormat.maximumText) else {
            at = bytes.byteCount
            return nil
        }
        defer { at += Int(size) }
        return bytes.extracting(at..<at + Int(size)).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
