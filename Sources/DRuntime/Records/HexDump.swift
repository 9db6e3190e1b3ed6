import Text

/// tracemem(): lines of sixteen bytes, as hexadecimal digits and as characters.
enum HexDump {
    /// - Parameter values: the bytes, and the number of bytes to print if it is smaller.
    static func write(_ values: [Datum], to buffer: inout ByteBuffer) {
        guard case .text(var bytes) = values.first else { return }
        if values.count > 1, case .integer(let length) = values[1], length.magnitude < UInt64(bytes.count) {
            bytes.removeLast(bytes.count - Int(length.magnitude))
        }
        buffer.append("\n             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef\n")
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let line = bytes[start..<min(start + 16, bytes.count)]
            let label = String(start, radix: 16).utf8
            buffer.appendSpaces(10 - label.count)
            buffer.append(contentsOf: label)
            buffer.append(UInt8(ascii: ":"))
            for byte in line {
                buffer.append(UInt8(ascii: " "))
                buffer.appendHex(UInt64(byte), width: 2)
            }
            buffer.appendSpaces(3 * (16 - line.count) + 2)
            buffer.append(contentsOf: line.map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: ".") })
            buffer.append(UInt8(ascii: "\n"))
        }
    }
}
