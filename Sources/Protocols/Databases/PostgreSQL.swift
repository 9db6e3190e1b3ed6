/// The first messages of PostgreSQL: startup and requests for encryption of a client, and messages of a letter and a
/// length.
extension PacketProtocol {
    static let postgresql = PacketProtocol(
        "pgsql", "PostgreSQL", [.tcpPort(5432)], base: .walked,
        fields: [
            ProtocolField("pgsql.type", .text) { isStart($0) ? .absent : $0.run(0..<1) },
            ProtocolField("pgsql.len", .decimal, .more) {
                isStart($0) ? $0.read(at: 0, count: 4) : $0.read(at: 1, count: 4)
            },
            ProtocolField("pgsql.request", names: requests) { isStart($0) ? $0.read(at: 4, count: 4) : .absent },
            parameter("pgsql.user", "user"), parameter("pgsql.database", "database"),
            parameter("pgsql.application", "application_name", .more),
            ProtocolField("pgsql.query", .text) { header in
                guard !isStart(header), header.u8(0) == UInt8(ascii: "Q") else { return .absent }
                return header.textToNUL(from: 5)
            },
            ProtocolField("pgsql.auth", names: authentications) { header in
                guard !isStart(header), header.u8(0) == UInt8(ascii: "R") else { return .absent }
                return header.read(at: 5, count: 4)
            },
            // The severity, the code and the text of an error or a notice.
            error("pgsql.severity", "S"), error("pgsql.code", "C"), error("pgsql.message", "M"),
        ],
        recognises: { header in isStart(header) || isMessage(header) },
        headerLength: { header in
            (isStart(header) ? header.u32(0) : header.u32(1).map { $0 &+ 1 }).map { min(Int($0), header.length) }
        },
        next: { _ in NextHeader(.tcpPort(5432)) },
        summary: { header, line in
            if isStart(header) {
                if let number = header.u32(4), let name = requests[UInt64(number)] { line.append(name) }
            } else if header.capturedCount > 0 {
                line.append(textOf: 0..<1, as: .text, of: header)
            }
        })

    private static let requests: ValueNames = [
        196608: "startup 3.0", 196610: "startup 3.2", 80877102: "cancel", 80877103: "SSL", 80877104: "GSS",
    ]

    private static let authentications: ValueNames = [
        0: "ok", 2: "Kerberos", 3: "cleartext", 5: "MD5", 7: "GSS", 9: "SSPI", 10: "SASL", 11: "SASL continue",
        12: "SASL final",
    ]

    private static func isStart(_ header: borrowing HeaderBytes) -> Bool {
        guard let length = header.u32(0), let number = header.u32(4) else { return false }
        return length == header.length && requests[UInt64(number)] != nil
    }

    /// Messages fill the segment, or the last one goes on in the next; the letters and the smallest lengths are known.
    private static func isMessage(_ header: borrowing HeaderBytes) -> Bool {
        guard let letter = header.u8(0), let length = header.u32(1), 4...(1 << 20) ~= length else { return false }
        switch letter {
        case UInt8(ascii: "Q"), UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "B"), UInt8(ascii: "D"),
            UInt8(ascii: "E"), UInt8(ascii: "C"), UInt8(ascii: "T"), UInt8(ascii: "N"):
            return length > 4 && Int(length) < header.length
        case UInt8(ascii: "R"): return length >= 8 && authentications[UInt64(header.u32(5) ?? .max)] != nil
        case UInt8(ascii: "S"): return length >= 4 && Int(length) < header.length
        case UInt8(ascii: "K"): return length == 12
        case UInt8(ascii: "Z"): return length == 5
        case UInt8(ascii: "X"), UInt8(ascii: "H"), UInt8(ascii: "1"), UInt8(ascii: "2"), UInt8(ascii: "3"),
            UInt8(ascii: "n"), UInt8(ascii: "I"):
            return length == 4
        default: return false
        }
    }

    /// The value of a parameter of the startup message: names and values, each up to a NUL.
    private static func parameter(
        _ name: String, _ key: StaticString, _ detail: ProtocolField.Detail = .brief
    ) -> ProtocolField {
        ProtocolField(name, .text, detail) { header in
            guard isStart(header), let number = header.u32(4), number >> 16 == 3 else { return .absent }
            var offset = 8
            while offset < header.length - 1 {
                guard case .bytes(let found) = header.textToNUL(from: offset),
                    case .bytes(let value) = header.textToNUL(from: found.upperBound + 1)
                else { return header.ending }
                if found.count == key.utf8CodeUnitCount, header.begins(at: found.lowerBound, with: key) {
                    return .bytes(value)
                }
                offset = value.upperBound + 1
            }
            return .absent
        }
    }

    /// A part of an error or a notice: a letter, and text up to a NUL.
    private static func error(_ name: String, _ letter: Unicode.Scalar) -> ProtocolField {
        ProtocolField(name, .text) { header in
            guard !isStart(header), let type = header.u8(0), let length = header.u32(1),
                type == UInt8(ascii: "E") || type == UInt8(ascii: "N"), Int(length) < header.length
            else { return .absent }
            var offset = 5
            while offset < Int(length) + 1 {
                guard let found = header.u8(offset) else { return header.ending }
                guard found != 0 else { return .absent }
                let text = header.textToNUL(from: offset + 1)
                guard case .bytes(let range) = text, UInt32(found) != letter.value else { return text }
                offset = range.upperBound + 1
            }
            return .absent
        }
    }
}
