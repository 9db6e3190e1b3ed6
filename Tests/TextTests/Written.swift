import Text

/// The text that `body` appends to a buffer that has to grow for it.
func written(_ body: (inout ByteBuffer) -> Void) -> String {
    var buffer = ByteBuffer(capacity: 1)
    body(&buffer)
    return text(buffer)
}

func text(_ buffer: borrowing ByteBuffer) -> String {
    buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
}
