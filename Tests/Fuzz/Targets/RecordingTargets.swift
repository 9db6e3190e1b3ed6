@testable import Recording

/// Recordings from untrusted sources.
enum RecordingTargets {
    static func file(_ bytes: UnsafeRawBufferPointer) { read(Array(bytes)) }

    /// Blocks with correct checksums: a byte for the kind, two for the length, contents.
    static func blocks(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        var file = BlockFormat.magic
        file.append(field: BlockFormat.majorVersion)
        file.append(field: BlockFormat.minorVersion)
        file.append(field: Checksum(file.span.bytes).value)
        while !input.isEmpty {
            let type = UInt32(input.byte() % 12)
            var payload = input.bytes(Int(input.number(UInt16.self)))
            RecordingEncoder.appendBlock(type, &payload, to: &file, at: 0)
        }
        read(file)
    }

    private static func read(_ file: [UInt8]) {
        guard var reader = try? RecordingReader(MemorySource(file)) else { return }
        while (try? reader.skipOne()) == true {}
    }
}

extension RecordingReader {
    /// False at the end.
    fileprivate mutating func skipOne() throws(RecordingError) -> Bool { try next() != nil }
}
