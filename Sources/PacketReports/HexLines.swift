import Text

private let bytesPerLine = 16
/// Four groups of four bytes, with a blank between them.
private let hexWidth = 35

extension ByteBuffer {
    /// `00000000     3387f1bb 1a998af0 fbaa6891 08f92fc8     |3.........h.../.|`
    mutating func appendHexLines(_ bytes: RawSpan, _ lines: ReportLines) {
        var start = 0
        while start < bytes.byteCount {
            let end = min(start + bytesPerLine, bytes.byteCount)
            lines.startUnindented(&self)
            appendHex(UInt64(start), width: 8)
            append("     ")
            appendHexLine(bytes.extracting(start..<end))
            start = end
        }
    }

    private mutating func appendHexLine(_ bytes: RawSpan) {
        let start = count
        var index = 0
        while index < bytes.byteCount {
            if index > 0 { append(UInt8(ascii: " ")) }
            if index + 4 <= bytes.byteCount {
                let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt32.self)
                appendHex(UInt64(UInt32(bigEndian: word)), width: 8)
            } else {
                for last in index..<bytes.byteCount { appendHex(UInt64(bytes.byte(last)), width: 2) }
            }
            index += 4
        }
        for _ in count - start..<hexWidth { append(UInt8(ascii: " ")) }
        append("     |")
        for index in 0..<bytes.byteCount {
            let byte = bytes.byte(index)
            append(0x20...0x7e ~= byte ? byte : UInt8(ascii: "."))
        }
        append("|\n")
    }
}

extension RawSpan {
    @inline(__always)
    func byte(_ index: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self) }
}
