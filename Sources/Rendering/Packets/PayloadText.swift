import Events
import Text

private let bytesPerLine = 16
/// Blanks and digits of a full line: tcpdump's HEXDUMP_HEXSTUFF_PER_LINE.
private let hexWidth = 40

extension ByteBuffer {
    /// Appends the lines that tcpdump prints below a packet with `-x`, `-X` or `-A`, to the blank: each packet's own
    /// bytes are printable characters only, besides the line ends and tabs of `-A`.
    mutating func append(_ payload: PayloadSection, _ form: PayloadForm) {
        let start = form.fromLink ? 0 : payload.networkOffset
        let end = min(payload.count, form.limit)
        if start < end {
            switch form.style {
            case .hex: appendHexLines(payload, start..<end)
            case .hexAndText: appendHexAndTextLines(payload, start..<end)
            case .text: appendText(payload, start..<end)
            }
        }
        if payload.isUnreadable, payload.count <= form.limit {
            append("\t(the kernel does not show the packet's bytes from ")
            appendDecimal(max(0, payload.count - start))
            append(" on)\n")
        }
    }

    private mutating func appendHexLines(_ payload: PayloadSection, _ range: Range<Int>) {
        for line in stride(from: range.lowerBound, to: range.upperBound, by: bytesPerLine) {
            let end = min(line + bytesPerLine, range.upperBound)
            appendOffset(line - range.lowerBound)
            _ = appendHex(payload, line..<end)
            append(UInt8(ascii: "\n"))
        }
    }

    private mutating func appendHexAndTextLines(_ payload: PayloadSection, _ range: Range<Int>) {
        for line in stride(from: range.lowerBound, to: range.upperBound, by: bytesPerLine) {
            let end = min(line + bytesPerLine, range.upperBound)
            appendOffset(line - range.lowerBound)
            let width = appendHex(payload, line..<end)
            for _ in width..<hexWidth + 2 { append(UInt8(ascii: " ")) }
            for index in line..<end { append(isGraphic(payload[index]) ? payload[index] : UInt8(ascii: ".")) }
            append(UInt8(ascii: "\n"))
        }
    }

    private mutating func appendOffset(_ offset: Int) {
        append("\t0x")
        appendHex(UInt64(offset), width: 4)
        append(": ")
    }

    /// Two bytes per group, a blank before each; returns the number of characters.
    private mutating func appendHex(_ payload: PayloadSection, _ range: Range<Int>) -> Int {
        let start = count
        for index in range {
            if (index - range.lowerBound) % 2 == 0 { append(UInt8(ascii: " ")) }
            appendHex(UInt64(payload[index]), width: 2)
        }
        return count - start
    }

    private mutating func appendText(_ payload: PayloadSection, _ range: Range<Int>) {
        for index in range {
            let byte = payload[index]
            switch byte {
            case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: " "): append(byte)
            case UInt8(ascii: "\r"):
                // Of a line end of two characters the second suffices, and at the end none.
                let isLast = index + 1 == range.upperBound
                if !isLast, payload[index + 1] != UInt8(ascii: "\n") { append(UInt8(ascii: ".")) }
            default: append(isGraphic(byte) ? byte : UInt8(ascii: "."))
            }
        }
        append(UInt8(ascii: "\n"))
    }

    private func isGraphic(_ byte: UInt8) -> Bool { 0x21...0x7e ~= byte }
}

extension JSONObject {
    mutating func append(_ payload: PayloadSection, limit: Int, _ buffer: inout ByteBuffer) {
        let captured = min(payload.count, limit)
        number("captured", captured, &buffer)
        number("length", payload.length, &buffer)
        word("start", payload.startsAtLink ? "link" : "network", &buffer)
        flag("unreadable", payload.isUnreadable, &buffer)
        quoted("hex", &buffer) { buffer in
            for index in 0..<captured { buffer.appendHex(UInt64(payload[index]), width: 2) }
        }
    }
}
