/// A growable run of bytes that renderers append to and a sink writes out.
///
/// It owns its memory and keeps it when emptied, so that a warm buffer never allocates. Appending never fails.
/// All raw pointers of this module are in this file, but for the unchecked loads of EscapedText.swift.
public struct ByteBuffer: ~Copyable {
    @usableFromInline var storage: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int

    /// Bytes appended since the buffer was last emptied. Memory ends long before sums of sizes could overflow.
    @inlinable public var count: Int { written }
    @usableFromInline var written = 0

    public var isEmpty: Bool { count == 0 }

    /// - Parameter capacity: bytes to hold before the first reallocation.
    public init(capacity: Int = 64 * 1024) {
        self.capacity = max(capacity, 64)
        storage = UnsafeMutablePointer.allocate(capacity: self.capacity)
    }

    deinit {
        storage.deallocate()
    }

    /// Empties the buffer and keeps its memory.
    public mutating func removeAll() {
        written = 0
    }

    /// The bytes, borrowed until the next change.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = RawSpan(_unsafeStart: UnsafeRawPointer(storage), byteCount: count)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// Calls `body` with the bytes, for write(2). The pointer is valid during the call.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: storage, count: count))
    }

    @inlinable @inline(__always)
    public mutating func append(_ byte: UInt8) {
        let end = reserve(1)
        end.pointee = byte
        written &+= 1
    }

    /// Inlined so that the length of a literal is a constant, which turns the copy into a few stores.
    @inlinable @inline(__always)
    public mutating func append(_ text: StaticString) {
        // A literal of a single scalar may be stored as that scalar, and then has no pointer to copy from.
        guard text.hasPointerRepresentation else {
            append(contentsOf: String(describing: text).utf8)
            return
        }
        reserve(text.utf8CodeUnitCount).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        written &+= text.utf8CodeUnitCount
    }

    /// Appends the first `size` bytes of a word, 0 to 8, the lowest first. All eight are stored, which is quicker than to
    /// store no more than is wanted; what comes next overwrites the rest.
    @inlinable @inline(__always)
    public mutating func append(_ word: UInt64, size: Int) {
        UnsafeMutableRawPointer(reserve(8)).storeBytes(of: word.littleEndian, as: UInt64.self)
        written &+= size
    }

    /// Appends `separator`, the literal `name`, which is longer than one character, in quotes, and a colon.
    @inlinable @inline(__always)
    public mutating func appendKey(_ separator: UInt8, _ name: StaticString) {
        let size = name.utf8CodeUnitCount
        let end = reserve(size &+ 4)
        end[0] = separator
        end[1] = UInt8(ascii: "\"")
        (end + 2).update(from: name.utf8Start, count: size)
        end[size &+ 2] = UInt8(ascii: "\"")
        end[size &+ 3] = UInt8(ascii: ":")
        written &+= size &+ 4
    }

    /// A text that is empty as a rule, and no literal.
    @inlinable @inline(__always)
    public mutating func appendStyle(_ text: StaticString) {
        if text.utf8CodeUnitCount > 0 { append(text) }
    }

    @inlinable
    public mutating func append(_ bytes: RawSpan) {
        let end = reserve(bytes.byteCount)
        bytes.withUnsafeBytes { source in
            UnsafeMutableRawBufferPointer(start: end, count: source.count).copyMemory(from: source)
        }
        written &+= bytes.byteCount
    }

    /// Takes back what was appended since the buffer had `count` bytes.
    public mutating func truncate(to count: Int) {
        written = min(written, max(0, count))
    }

    /// Replaces four bytes by those of a number, the lowest first. Does nothing where there are fewer.
    public mutating func replace(at start: Int, _ number: UInt32) {
        guard start >= 0, start <= count - 4 else { return }
        UnsafeMutableRawPointer(storage + start).storeBytes(of: number.littleEndian, as: UInt32.self)
    }

    /// True if the bytes from `start` on are these.
    public func ends(with bytes: [UInt8], from start: Int) -> Bool {
        start <= count && UnsafeBufferPointer(start: storage + start, count: count - start).elementsEqual(bytes)
    }

    /// Appends the bytes from `start` on to a list.
    public func copy(from start: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: storage + min(start, count), count: max(0, count - start)))
    }

    /// Takes back the spaces at the end.
    public mutating func trimSpaces() {
        while count > 0, storage[count - 1] == UInt8(ascii: " ") { written -= 1 }
    }

    /// Takes back the line feeds at the end.
    public mutating func trimLineEnds() {
        while count > 0, storage[count - 1] == UInt8(ascii: "\n") { written -= 1 }
    }

    /// Not for the hot path.
    public mutating func append(contentsOf bytes: some Sequence<UInt8>) {
        for byte in bytes {
            append(byte)
        }
    }

    /// Makes room for `extra` bytes and returns where they go.
    @inlinable @inline(__always)
    mutating func reserve(_ extra: Int) -> UnsafeMutablePointer<UInt8> {
        if extra > capacity &- count {
            grow(to: count + extra)
        }
        return storage + count
    }

    @usableFromInline @inline(never)
    mutating func grow(to needed: Int) {
        capacity = max(needed, capacity * 2)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: storage, count: count)
        storage.deallocate()
        storage = larger
    }
}
