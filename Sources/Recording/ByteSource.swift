public import SystemPackage

/// Where a reader gets its bytes from. Asked for a block at a time, never per record.
public protocol ByteSource {
    /// Fills the beginning of `buffer` and returns how many bytes that were; 0 at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int
}

extension FileDescriptor: ByteSource {
    /// read(2), begun again after signals.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        do {
            return try read(into: buffer, retryOnInterrupt: true)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}

/// Bytes that are in memory already.
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
