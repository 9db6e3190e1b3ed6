public import SystemPackage

/// The input of a reader. Called once for large pieces, not per record.
public protocol ByteSource {
    /// Fills the beginning of `buffer` and returns the number of bytes; 0 at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int
}

extension FileDescriptor: ByteSource {
    /// read(2), repeated after signals.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        do {
            return try read(into: buffer, retryOnInterrupt: true)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}

/// Bytes in memory.
public struct MemorySource: ByteSource {
    private let bytes: [UInt8]
    private var at = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        let count = min(buffer.count, bytes.count - at)
        bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[at..<at + count])) }
        at += count
        return count
    }
}
