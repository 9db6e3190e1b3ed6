/// Texts rendered once and appended often, by index.
public struct FixedTexts {
    @usableFromInline var bytes: [UInt8] = []
    @usableFromInline var ends: [Int] = []

    public init() {}

    /// Adds a text: whatever `body` appends to the buffer.
    public mutating func add(_ body: (inout ByteBuffer) -> Void) {
        var buffer = ByteBuffer(capacity: 256)
        body(&buffer)
        buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
        ends.append(bytes.count)
    }

    /// Appends text `index`; false if there is none.
    @inlinable
    public func append(_ index: Int, to buffer: inout ByteBuffer) -> Bool {
        guard index >= 0, index < ends.count else { return false }
        let start = index == 0 ? 0 : ends[index - 1]
        buffer.append(bytes.span.bytes.extracting(start..<ends[index]))
        return true
    }
}
