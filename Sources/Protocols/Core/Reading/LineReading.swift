// Text in packets: words and lines that end with CR LF or LF.
extension HeaderBytes {
    /// Bytes of a line that are looked at.
    private static var lineLimit: Int { 8192 }

    /// The end of a line and the start of the next one; nil if its end was not captured.
    func line(from start: Int) -> (end: Int, next: Int)? {
        for offset in start..<max(start, min(capturedCount, start + Self.lineLimit)) where u8(offset) == 0x0a {
            return (offset > start && u8(offset - 1) == 0x0d ? offset - 1 : offset, offset + 1)
        }
        return nil
    }

    /// Whether a text is at an offset, in any case of its letters.
    func begins(at start: Int, with text: StaticString) -> Bool {
        var offset = start
        for byte in text.description.utf8 {
            guard let found = u8(offset), Self.folded(found) == Self.folded(byte) else { return false }
            offset += 1
        }
        return true
    }

    private static func folded(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte }

    /// One of the words of a range, which blanks separate.
    func word(_ index: Int, in range: Range<Int>) -> Range<Int>? {
        var start = range.lowerBound
        var count = 0
        for offset in range.lowerBound...range.upperBound where offset == range.upperBound || u8(offset) == 0x20 {
            if offset > start {
                if count == index { return start..<offset }
                count += 1
            }
            start = offset + 1
        }
        return nil
    }

    /// A decimal number of at most `digits` digits and nothing else.
    func decimal(_ range: Range<Int>, digits: Int = 10) -> UInt64? {
        guard !range.isEmpty, range.count <= digits else { return nil }
        var value: UInt64 = 0
        for offset in range {
            guard let digit = u8(offset), digit >= 0x30, digit <= 0x39 else { return nil }
            value = value * 10 + UInt64(digit - 0x30)
        }
        return value
    }

    /// Whether all bytes are printable, or above those of ASCII.
    func isText(_ range: Range<Int>) -> Bool {
        range.allSatisfy { offset in u8(offset).map { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 } ?? false }
    }

    /// The bytes from an offset up to a NUL.
    func textToNUL(from start: Int) -> FieldReading {
        for offset in start..<max(start, capturedCount) where u8(offset) == 0 { return .bytes(start..<offset) }
        return ending
    }
}
