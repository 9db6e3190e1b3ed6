/// HTTP/1 (RFC 9112): the head of a request or of an answer that begins with a segment.
extension PacketProtocol {
    static let http = PacketProtocol(
        "http", "HTTP", [.tcpPort(80), .tcpPort(3128), .tcpPort(8000), .tcpPort(8080)], base: .walked,
        fields: [
            word("http.method", 0, ofAnswer: false),
            word("http.uri", 1, ofAnswer: false),
            ProtocolField("http.status") { header in
                guard isAnswer(header) else { return .absent }
                let word = wordRange(1, header)
                guard case .bytes(let range) = word else { return word }
                guard range.count == 3 else { return .malformed }
                var status: UInt128 = 0
                for offset in range {
                    guard let digit = header.u8(offset), digit >= 0x30, digit <= 0x39 else { return .malformed }
                    status = status * 10 + UInt128(digit - 0x30)
                }
                return .number(status)
            },
            headerLine("http.host", "host:"), headerLine("http.server", "server:"),
            headerLine("http.type", "content-type:"),
        ],
        recognises: { header in isAnswer(header) || methods.contains { begins(header, at: 0, with: $0) } },
        headerLength: { header in
            var offset = 0
            while let end = lineEnd(header, from: offset) {
                if end == offset { return end + 2 }
                offset = end + 2
            }
            // The head goes on in the next segment.
            return header.capturedCount < header.length ? nil : header.length
        },
        summary: { header, line in
            guard let end = lineEnd(header, from: 0), end < 200 else { return }
            line.append(textOf: 0..<end, as: .text, of: header)
        },
        // A head without an end would be waited for.
        messageLength: { header in
            var offset = 0
            while let end = lineEnd(header, from: offset) {
                if end == offset { return end + 2 }
                offset = end + 2
            }
            return header.capturedCount < 16384 ? nil : 0
        })

    private static let methods: [StaticString] = [
        "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ",
    ]

    private static func isAnswer(_ header: borrowing HeaderBytes) -> Bool { begins(header, at: 0, with: "HTTP/1.") }

    /// Whether a text is there, in any case of its letters.
    private static func begins(_ header: borrowing HeaderBytes, at start: Int, with text: StaticString) -> Bool {
        var offset = start
        for byte in text.description.utf8 {
            guard let found = header.u8(offset), found | 0x20 == byte | 0x20 else { return false }
            offset += 1
        }
        return true
    }

    /// The offset of the next end of a line; nil if the segment has none within 8 KiB.
    private static func lineEnd(_ header: borrowing HeaderBytes, from start: Int) -> Int? {
        for offset in start..<max(start, min(header.capturedCount - 1, start + 8192)) where header.u16(offset) == 0x0d0a
        {
            return offset
        }
        return nil
    }

    private static func word(_ name: String, _ place: Int, ofAnswer: Bool) -> ProtocolField {
        ProtocolField(name, .text) { header in
            isAnswer(header) == ofAnswer ? wordRange(place, header) : .absent
        }
    }

    /// One of the words of the first line.
    private static func wordRange(_ place: Int, _ header: borrowing HeaderBytes) -> FieldReading {
        let line = lineEnd(header, from: 0)
        let end = line ?? header.capturedCount
        var start = 0
        var count = 0
        for offset in 0...end where offset == end || header.u8(offset) == 0x20 {
            if count == place {
                return offset == end && line == nil ? unfinished(header) : .bytes(start..<offset)
            }
            count += 1
            start = offset + 1
        }
        return line == nil ? unfinished(header) : .absent
    }

    /// The reading of what ends after the bytes that there are: cut, or in the next segment.
    private static func unfinished(_ header: borrowing HeaderBytes) -> FieldReading {
        header.capturedCount < header.length ? .truncated : .absent
    }

    /// The contents of a line of the head.
    private static func headerLine(_ name: String, _ key: StaticString) -> ProtocolField {
        ProtocolField(name, .text, .more) { header in
            guard var end = lineEnd(header, from: 0) else { return unfinished(header) }
            while true {
                guard let next = lineEnd(header, from: end + 2) else { return unfinished(header) }
                guard next > end + 2 else { return .absent }
                let start = end + 2
                if begins(header, at: start, with: key) {
                    var value = start + key.utf8CodeUnitCount
                    while value < next, header.u8(value) == 0x20 { value += 1 }
                    return .bytes(value..<next)
                }
                end = next
            }
        }
    }
}
