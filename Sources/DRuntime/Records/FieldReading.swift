import DCompiler
import DLanguage
import Text

/// Bytes of a record or key → values.
struct FieldReader {
    /// Texts that fields name by number.
    let texts: [[UInt8]]

    /// Bytes that are missing count as zero.
    func value(_ field: Field, in bytes: UnsafeRawBufferPointer) -> Datum {
        switch field.form {
        case .integer(let size, let isSigned):
            return .integer(.init(bits: word(field.offset, bytes), size: size, isSigned: isSigned))
        case .symbol: return .uint64(word(field.offset, bytes))
        case .textNumber:
            let number = Int(clamping: word(field.offset, bytes))
            return .text(texts.indices.contains(number) ? texts[number] : [])
        case .address: return .text(address(field.offset, bytes))
        case .text(let capacity):
            let start = min(field.offset, bytes.count)
            return .text(Array(bytes[start..<min(start + capacity, bytes.count)].prefix { $0 != 0 }))
        case .stack(let frames):
            let length = Int64(bitPattern: word(field.offset, bytes))
            let count = max(0, min(Int(clamping: length / 8), frames))
            return .stack((0..<count).map { word(field.offset + 8 + 8 * $0, bytes) }.filter { $0 != 0 })
        case .bytes(let count):
            let start = min(field.offset, bytes.count)
            return .text(Array(bytes[start..<min(start + count, bytes.count)]))
        }
    }

    private func word(_ offset: Int, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
        offset + 8 <= bytes.count ? bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) : 0
    }

    private func address(_ offset: Int, _ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var buffer = ByteBuffer(capacity: 64)
        let first = word(offset + 8, bytes).bigEndian
        switch word(offset, bytes) {
        case 4: buffer.appendIPv4(UInt32(truncatingIfNeeded: first >> 32))
        case 6: buffer.appendIPv6(high: first, low: word(offset + 16, bytes).bigEndian)
        default: break
        }
        return buffer.withUnsafeBytes { Array($0) }
    }
}
