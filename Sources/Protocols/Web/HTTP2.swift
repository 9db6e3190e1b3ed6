/// Frames of HTTP/2 (RFC 9113) without encryption, after the text that a client begins with. Names and values of headers
/// are compressed with the state of the connection, so that they stay data.
extension PacketProtocol {
    private static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    private static let prefaceSize = 24

    static let http2 = PacketProtocol(
        "http2", "HTTP/2", [.tcpPort(80), .tcpPort(8000), .tcpPort(8080)], base: .walked,
        fields: [
            ProtocolField("http2.magic", .text, .more) { isPreface($0) ? $0.run(0..<14) : .absent },
            frame("http2.len", .more) { $0.read(at: 0, count: 3) },
            frame("http2.type", names: frameTypes) { $0.read(at: 3, count: 1) },
            frame("http2.flags", .more, .hexadecimal) { $0.read(at: 4, count: 1) },
            frame("http2.stream") { $0.read(.init(41, 31)) },
            ProtocolField("http2.setting", .decimal, .more, names: settings) { list($0, &$1, 0, 2) },
            ProtocolField("http2.value", .decimal, .more) { list($0, &$1, 2, 4) },
            of(8, "http2.increment") { $0.read(.init(73, 31)) },
            of(3, "http2.error", names: errors) { $0.read(at: 9, count: 4) },
            of(7, "http2.goaway.last") { $0.read(.init(73, 31)) },
            of(7, "http2.goaway.error", names: errors) { $0.read(at: 13, count: 4) },
        ],
        recognises: { header in isPreface(header) || isFrame(header) },
        headerLength: { header in
            if isPreface(header) { return prefaceSize }
            return header.number(0, 3).map { min(9 + Int($0), header.length) }
        },
        next: { _ in NextHeader(.tcpPort(80)) },
        summary: { header, line in
            if isPreface(header) { return line.append("preface") }
            guard let type = header.u8(3), let name = frameTypes[UInt64(type)], let stream = header.u32(5) else {
                return
            }
            line.append(name)
            line.append(" ")
            line.appendDecimal(stream & 0x7fff_ffff)
        })

    private static func isPreface(_ header: borrowing HeaderBytes) -> Bool { header.begins(at: 0, with: preface) }

    /// A length that the type allows, and a stream where the type needs one.
    private static func isFrame(_ header: borrowing HeaderBytes) -> Bool {
        guard let length = header.number(0, 3), length <= 16384, let type = header.u8(3), let flags = header.u8(4),
            let stream = header.u32(5), stream < 1 << 31
        else { return false }
        return switch type {
        case 0: stream > 0 && stream < 1 << 24 && flags & ~0x09 == 0 && length > 0
        case 1: stream > 0 && stream < 1 << 24 && flags & ~0x2d == 0 && length > 0
        case 2: stream > 0 && length == 5 && flags == 0
        case 3: stream > 0 && length == 4 && flags == 0
        case 4: stream == 0 && length % 6 == 0 && length <= 120 && (flags == 0 || flags == 1 && length == 0)
        case 5: stream > 0 && length > 4 && flags & ~0x0c == 0 && stream & 1 == 1
        case 6: stream == 0 && length == 8 && flags & ~1 == 0
        case 7: stream == 0 && length >= 8 && flags == 0
        case 8: length == 4 && flags == 0
        case 9: stream > 0 && flags & ~4 == 0 && length > 0 && stream < 1 << 24
        default: false
        }
    }

    private static func frame(
        _ name: String, _ detail: ProtocolField.Detail = .brief, _ notation: ProtocolField.Notation = .decimal,
        names: ValueNames? = nil, _ read: @escaping @Sendable (borrowing HeaderBytes) -> FieldReading
    ) -> ProtocolField {
        ProtocolField(name, notation, detail, names: names) { isPreface($0) ? .absent : read($0) }
    }

    /// A field that only frames of a type have.
    private static func of(
        _ type: UInt8, _ name: String, names: ValueNames? = nil,
        _ read: @escaping @Sendable (borrowing HeaderBytes) -> FieldReading
    ) -> ProtocolField {
        frame(name, .more, names: names) { header in
            guard let found = header.u8(3) else { return header.ending }
            return found == type ? read(header) : .absent
        }
    }

    /// The settings: a number of two bytes and a value of four each.
    private static func list(_ header: borrowing HeaderBytes, _ values: inout FieldValues, _ offset: Int, _ size: Int) {
        guard !isPreface(header) else { return }
        guard let length = header.number(0, 3), let type = header.u8(3) else { return _ = values.append(header.ending) }
        guard type == 4 else { return }
        for start in stride(from: 9, to: 9 + Int(length), by: 6) {
            guard values.append(header.read(at: start + offset, count: size)) else { return }
        }
    }

    private static let frameTypes: ValueNames = [
        0: "data", 1: "headers", 2: "priority", 3: "reset", 4: "settings", 5: "push promise", 6: "ping", 7: "go away",
        8: "window update", 9: "continuation",
    ]

    private static let settings: ValueNames = [
        1: "table size", 2: "push", 3: "streams", 4: "window", 5: "frame size", 6: "header size", 8: "connect protocol",
    ]

    private static let errors: ValueNames = [
        0: "none", 1: "protocol", 2: "internal", 3: "flow control", 4: "settings timeout", 5: "stream closed",
        6: "frame size", 7: "refused stream", 8: "cancel", 9: "compression", 10: "connect", 11: "enhance your calm",
        12: "inadequate security", 13: "HTTP/1.1 required",
    ]
}
