/// Frames of WebSocket (RFC 6455). Nothing in a frame names the protocol: only a frame that ends with the segment counts,
/// and as text only what is text.
extension PacketProtocol {
    private struct Frame {
        let code: UInt8
        let isMasked: Bool
        let size: Int
        /// Of the key, if there is one.
        let headEnd: Int
        var start: Int { headEnd + (isMasked ? 4 : 0) }

        init?(_ header: borrowing HeaderBytes) {
            guard let first = header.u8(0), let second = header.u8(1) else { return nil }
            code = first & 0xf
            isMasked = second & 0x80 != 0
            switch second & 0x7f {
            case 126:
                guard let long = header.u16(2) else { return nil }
                (size, headEnd) = (Int(long), 4)
            case 127:
                guard let long = header.number(2, 8), long < 1 << 31 else { return nil }
                (size, headEnd) = (Int(long), 10)
            case let short: (size, headEnd) = (Int(short), 2)
            }
        }
    }

    static let webSocket = PacketProtocol(
        "websocket", "WebSocket", [.tcpPort(80), .tcpPort(8000), .tcpPort(8080)], base: .walked,
        fields: [
            ProtocolField("websocket.fin", bit: 0, 1, .flag, .more),
            ProtocolField("websocket.op", bit: 4, 4, names: opcodes),
            ProtocolField("websocket.masked", bit: 8, 1, .flag, .more),
            ProtocolField("websocket.len") { header in
                Frame(header).map { .number(UInt128($0.size)) } ?? header.ending
            },
            ProtocolField("websocket.key", .hexadecimal, .most) { header in
                guard let frame = Frame(header) else { return header.ending }
                return frame.isMasked ? header.read(at: frame.headEnd, count: 4) : .absent
            },
            ProtocolField("websocket.close", .decimal, .brief, when: .bits(4, 4, are: [8])) { header in
                guard let frame = Frame(header) else { return header.ending }
                guard frame.size >= 2 else { return .absent }
                guard let code = header.u16(frame.start), let key = frame.isMasked ? header.u16(frame.headEnd) : 0
                else {
                    return header.ending
                }
                return .number(UInt128(code ^ key))
            },
            ProtocolField("websocket.text", .derived(appendUnmasked), .more, when: .bits(4, 4, are: [1])) { header in
                guard let frame = Frame(header) else { return header.ending }
                return header.run(frame.headEnd..<frame.start + frame.size)
            },
        ],
        recognises: { header in
            guard let first = header.u8(0), first & 0x70 == 0, let frame = Frame(header),
                opcodes[UInt64(frame.code)] != nil,
                frame.start + frame.size == header.length || frame.isMasked && frame.start + frame.size < header.length
            else { return false }
            // A part in the middle of a message is like any two bytes.
            if frame.code == 0, first & 0x80 == 0 { return false }
            // Frames of control are short and whole.
            if frame.code >= 8 { return first & 0x80 != 0 && frame.size <= 125 && frame.size != 1 }
            guard frame.code == 1, !frame.isMasked else { return frame.code <= 2 && frame.size > 0 }
            return header.isText(Range(from: frame.start, to: min(header.capturedCount, frame.start + frame.size)))
        },
        headerLength: { header in Frame(header).map { $0.start + $0.size } },
        next: { _ in NextHeader(.tcpPort(80)) },
        summary: { header, line in
            if let frame = Frame(header), let name = opcodes[UInt64(frame.code)] { line.append(name) }
        })

    private static let opcodes: ValueNames = [
        0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong",
    ]

    /// A client hides its text from caches by a key of four bytes.
    @Sendable private static func appendUnmasked(
        _ range: Range<Int>, _ header: borrowing HeaderBytes, _ line: inout TextLine
    ) {
        guard let frame = Frame(header) else { return }
        for offset in Range(from: frame.start, to: min(range.upperBound, frame.start + 4096)) {
            guard let byte = header.u8(offset) else { return }
            let key = frame.isMasked ? header.u8(frame.headEnd + (offset - frame.start) % 4) ?? 0 : 0
            line.append(escaped: byte ^ key)
        }
    }
}
