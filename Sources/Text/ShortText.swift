/// A text of at most 48 bytes that is copied as a whole, without memory of its own.
public struct ShortText: Sendable {
    public static let capacity = 48

    @usableFromInline typealias Words = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

    @usableFromInline var words: Words = (0, 0, 0, 0, 0, 0)
    @usableFromInline var count = 0

    public init() {}

    /// The bytes of a buffer from `start` on; nil if they are more than fit.
    public init?(_ buffer: borrowing ByteBuffer, from start: Int) {
        guard start >= 0, start <= buffer.count, buffer.count - start <= Self.capacity else { return nil }
        count = buffer.count - start
        buffer.withUnsafeBytes { bytes in
            withUnsafeMutableBytes(of: &words) {
                $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start...]))
            }
        }
    }

    /// Returns nil if the text is too long.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.capacity else { return nil }
        count = text.utf8.count
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: text.utf8) }
    }
}

extension ByteBuffer {
    @inlinable @inline(__always)
    public mutating func append(_ text: ShortText) {
        UnsafeMutableRawPointer(reserve(ShortText.capacity)).storeBytes(of: text.words, as: ShortText.Words.self)
        written &+= text.count
    }

    /// Inserts a text before the last bytes, those from `start` on.
    public mutating func insert(_ text: ShortText, at start: Int) {
        guard start >= 0, start <= count else { return }
        let moved = count - start
        let place = reserve(text.count) - moved
        UnsafeMutableRawPointer(place + text.count).copyMemory(from: place, byteCount: moved)
        Swift.withUnsafeBytes(of: text.words) { bytes in
            UnsafeMutableRawPointer(place).copyMemory(from: bytes.baseAddress!, byteCount: text.count)
        }
        written &+= text.count
    }
}
