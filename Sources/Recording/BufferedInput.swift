import SystemPackage

/// A source that is read in large pieces, with the number of bytes consumed.
struct BufferedInput {
    private var source: any ByteSource
    /// Number of bytes of the file that were consumed.
    private(set) var offset: UInt64 = 0
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var ready = 0..<0

    init(_ source: any ByteSource) { self.source = source }

    /// Copies up to `count` bytes to `start`; fewer only at the end of the file.
    mutating func fill(_ bytes: inout [UInt8], from start: Int = 0, count: Int) throws(RecordingError) -> Int {
        var filled = 0
        while filled < count {
            if ready.isEmpty { try refill() }
            guard !ready.isEmpty else { return filled }
            let portion = min(count - filled, ready.count)
            bytes.withUnsafeMutableBytes { target in
                buffer.withUnsafeBytes { source in
                    let target = UnsafeMutableRawBufferPointer(rebasing: target[(start + filled)...])
                    target.copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: source[ready.lowerBound..<ready.lowerBound + portion]))
                }
            }
            ready = ready.lowerBound + portion..<ready.upperBound
            filled += portion
            offset += UInt64(portion)
        }
        return filled
    }

    private mutating func refill() throws(RecordingError) {
        let result = buffer.withUnsafeMutableBytes { bytes in
            Result { () throws(Errno) in try source.read(into: bytes) }
        }
        switch result {
        case .failure(let error): throw .cannotRead(error)
        case .success(let count): ready = 0..<count
        }
    }
}
