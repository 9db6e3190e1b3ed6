/// A domain name in a message of DNS (RFC 1035, section 4.1.4).
enum DomainName {
    /// The end of a name that begins at an offset; nil if it is none or was not captured.
    static func end(_ header: borrowing HeaderBytes, from start: Int) -> Int? {
        var offset = start
        while let length = header.u8(offset), offset - start <= 255 {
            switch length {
            case 0: return offset + 1
            case 1...63: offset += 1 + Int(length)
            // A reference to an earlier name ends this one.
            case 0xc0...0xff: return header.u8(offset + 1).map { _ in offset + 2 }
            default: return nil
            }
        }
        return nil
    }
}

extension ProtocolField.Notation {
    var isText: Bool {
        switch self {
        case .text, .domainName, .derived: true
        default: false
        }
    }
}

extension TextLine {
    mutating func append(
        textOf range: Range<Int>, as notation: ProtocolField.Notation, of header: borrowing HeaderBytes
    ) {
        switch notation {
        case .domainName: return append(domainNameAt: range.lowerBound, of: header)
        case .derived(let write): return write(range, header, &self)
        default: break
        }
        for offset in range { header.u8(offset).map { append(escaped: $0) } }
    }

    /// Labels with periods between them. References only lead back, and a name has at most 255 bytes, so that it ends.
    private mutating func append(domainNameAt start: Int, of header: borrowing HeaderBytes) {
        var offset = start
        var limit = start
        var count = 0
        while let length = header.u8(offset), length != 0, count < 255 {
            if length >= 0xc0 {
                guard let low = header.u8(offset + 1) else { return }
                let target = Int(length & 0x3f) << 8 | Int(low)
                guard target < limit else { return }
                offset = target
                limit = target
                continue
            }
            guard length < 64 else { return }
            if count > 0 { append(".") }
            for place in offset + 1..<offset + 1 + Int(length) {
                guard let byte = header.u8(place) else { return }
                // A period or a blank inside a label is not one between labels.
                if byte == UInt8(ascii: ".") || byte == UInt8(ascii: " ") {
                    append("\\x")
                    appendHex(UInt64(byte), digits: 2)
                } else {
                    append(escaped: byte)
                }
            }
            count += 1 + Int(length)
            offset += 1 + Int(length)
        }
        if count == 0 { append(".") }
    }
}
