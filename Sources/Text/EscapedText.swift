// Names of processes and interfaces are chosen by whoever runs there, containers included: a terminal must never get
// to see their control bytes.
extension ByteBuffer {
    /// Printable ASCII as it is; `\\` for a backslash; `\xNN` for everything else.
    @inlinable
    public mutating func appendEscaped(_ text: RawSpan) {
        let plain = text.plainCount
        append(text.extracting(first: plain))
        if plain < text.byteCount { appendEscaped(text, from: plain) }
    }

    @usableFromInline
    mutating func appendEscaped(_ text: RawSpan, from plain: Int) {
        for index in plain..<text.byteCount {
            let byte = text.byte(index)
            if byte >= 0x20, byte < 0x7f, byte != UInt8(ascii: "\\") {
                append(byte)
            } else if byte == UInt8(ascii: "\\") {
                append("\\\\")
            } else {
                append("\\x")
                append(hexDigit(byte >> 4))
                append(hexDigit(byte & 0xf))
            }
        }
    }

    /// Text of any language as it is, but for what would act on a terminal instead of being shown: `\u{NN}`.
    public mutating func appendPrintable(_ text: String) {
        let bytes = text.utf8.span.bytes
        guard bytes.plainCount < bytes.byteCount else { return append(bytes) }
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse:
                append("\\u{")
                appendHex(UInt64(scalar.value))
                append("}")
            default:
                for byte in String(scalar).utf8 { append(byte) }
            }
        }
    }

    /// A JSON string with its quotes, in pure ASCII: other characters as `\uNNNN`. A byte that is not valid UTF-8
    /// becomes the four characters `\xNN`, as in the text form.
    @inlinable
    public mutating func appendJSONString(_ text: RawSpan) {
        append(UInt8(ascii: "\""))
        let plain = text.plainCount
        append(text.extracting(first: plain))
        if plain < text.byteCount { appendJSONCharacters(text, from: plain) }
        append(UInt8(ascii: "\""))
    }

    @usableFromInline
    mutating func appendJSONCharacters(_ text: RawSpan, from plain: Int) {
        var index = plain
        while index < text.byteCount {
            let byte = text.byte(index)
            if byte >= 0x20, byte < 0x7f {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    append(UInt8(ascii: "\\"))
                }
                append(byte)
                index += 1
            } else if let (scalar, size) = text.scalar(at: index) {
                appendJSONEscape(scalar)
                index += size
            } else {
                append("\\\\x")
                append(hexDigit(byte >> 4))
                append(hexDigit(byte & 0xf))
                index += 1
            }
        }
    }

    private mutating func appendJSONEscape(_ scalar: UInt32) {
        if scalar < 0x10000 {
            append("\\u")
            appendHex(UInt64(scalar), width: 4)
        } else {
            append("\\u")
            appendHex(UInt64(0xd800 + (scalar - 0x10000) >> 10), width: 4)
            append("\\u")
            appendHex(UInt64(0xdc00 + (scalar - 0x10000) & 0x3ff), width: 4)
        }
    }
}

extension RawSpan {
    /// How many bytes there are before the first one that any form escapes, as a rule all of them: eight are looked at at
    /// once. Each test of a word leaves the high bit of the first byte that it means, and maybe of some after that one.
    @inlinable
    var plainCount: Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
        var index = 0
        while index &+ 8 <= byteCount {
            let word = UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
            let control = (word &- ones &* 0x20) & ~word
            let quote = zeroBytes(word ^ ones &* UInt64(UInt8(ascii: "\"")))
            let backslash = zeroBytes(word ^ ones &* UInt64(UInt8(ascii: "\\")))
            let delete = zeroBytes(word ^ ones &* 0x7f)
            let found = (word | control | quote | backslash | delete) & (ones &* 0x80)
            guard found == 0 else { return index + found.trailingZeroBitCount >> 3 }
            index += 8
        }
        while index < byteCount {
            let byte = byte(index)
            guard byte >= 0x20, byte < 0x7f, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { break }
            index += 1
        }
        return index
    }

    @inlinable
    func byte(_ index: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    /// The scalar that starts at `index` and its size in bytes; nil if it is not well-formed UTF-8 (RFC 3629).
    fileprivate func scalar(at index: Int) -> (UInt32, size: Int)? {
        let lead = byte(index)
        let size: Int
        var scalar: UInt32
        switch lead {
        case 0x00...0x7f: return (UInt32(lead), 1)
        case 0xc2...0xdf: (size, scalar) = (2, UInt32(lead & 0x1f))
        case 0xe0...0xef: (size, scalar) = (3, UInt32(lead & 0x0f))
        case 0xf0...0xf4: (size, scalar) = (4, UInt32(lead & 0x07))
        default: return nil
        }
        guard index + size <= byteCount else { return nil }
        for next in index + 1..<index + size {
            guard byte(next) & 0xc0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte(next) & 0x3f)
        }
        let smallest: UInt32 = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000
        guard scalar >= smallest, scalar <= 0x10ffff, !(0xd800...0xdfff).contains(scalar) else { return nil }
        return (scalar, size)
    }
}
