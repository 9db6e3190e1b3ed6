/// The text protocol of memcached, and the head of its binary one.
extension PacketProtocol {
    static let memcached = PacketProtocol(
        "memcached", "Memcached", [.tcpPort(11211), .udpPort(11211)], base: .walked,
        fields: [
            ProtocolField("memcached.command", .text) { header in command(header, 0) },
            ProtocolField("memcached.key", .text) { header in command(header, 1) },
            ProtocolField("memcached.reply", .text) { header in
                guard memcachedKind(header) == .reply, let line = header.line(from: 0) else { return .absent }
                return .bytes(0..<line.end)
            },
            binary("memcached.response", .flag) { .number($0.u8(0) == 0x81 ? 1 : 0) },
            binary("memcached.op", names: operations) { $0.read(at: 1, count: 1) },
            binary("memcached.keylen", .decimal, .more) { $0.read(at: 2, count: 2) },
            binary("memcached.status", .decimal, .more) { $0.u8(0) == 0x81 ? $0.read(at: 6, count: 2) : .absent },
            binary("memcached.bodylen", .decimal, .more) { $0.read(at: 8, count: 4) },
            binary("memcached.opaque", .hexadecimal, .more) { $0.read(at: 12, count: 4) },
            binary("memcached.cas", .decimal, .most) { $0.read(at: 16, count: 8) },
        ],
        recognises: { header in memcachedKind(header) != nil },
        headerLength: { header in
            guard memcachedKind(header) == .binary else { return header.length }
            return header.u32(8).map { 24 + min(Int($0), header.length) }.map { min($0, header.length) }
        },
        summary: { header, line in
            switch memcachedKind(header) {
            case .binary: if let code = header.u8(1), let name = operations[UInt64(code)] { line.append(name) }
            case .command, .reply:
                if let end = header.line(from: 0)?.end, end < 200 {
                    line.append(textOf: 0..<end, as: .text, of: header)
                }
            case nil: break
            }
        })

    private enum MemcachedKind {
        case command, reply, binary
    }

    private static let verbs: [StaticString] = [
        "get", "gets", "gat", "gats", "set", "add", "replace", "append", "prepend", "cas", "delete", "incr", "decr",
        "touch",
        "stats", "flush_all", "version", "verbosity", "mg", "ms", "md", "ma", "mn",
    ]

    private static let answers: [StaticString] = [
        "STORED", "NOT_STORED", "EXISTS", "NOT_FOUND", "DELETED", "TOUCHED", "VALUE", "END", "VERSION", "STAT", "ERROR",
        "CLIENT_ERROR", "SERVER_ERROR", "RESET", "HD", "EN", "NF", "NS", "MN",
    ]

    private static func memcachedKind(_ header: borrowing HeaderBytes) -> MemcachedKind? {
        guard let first = header.u8(0) else { return nil }
        if first == 0x80 || first == 0x81 {
            guard let code = header.u8(1), operations[UInt64(code)] != nil, let key = header.u16(2),
                let extras = header.u8(4),
                header.u8(5) == 0, let body = header.u32(8), Int(key) + Int(extras) <= Int(body)
            else { return nil }
            return .binary
        }
        guard let line = header.line(from: 0), line.next - line.end == 2, let word = header.word(0, in: 0..<line.end),
            word.lowerBound == 0, header.isText(0..<line.end)
        else { return nil }
        if verbs.contains(where: { $0.utf8CodeUnitCount == word.count && isExactly(header, $0) }) { return .command }
        return answers.contains { $0.utf8CodeUnitCount == word.count && isExactly(header, $0) } ? .reply : nil
    }

    /// Letters have their case here.
    private static func isExactly(_ header: borrowing HeaderBytes, _ text: StaticString) -> Bool {
        text.description.utf8.enumerated().allSatisfy { header.u8($0.offset) == $0.element }
    }

    private static func command(_ header: borrowing HeaderBytes, _ index: Int) -> FieldReading {
        guard memcachedKind(header) == .command, let line = header.line(from: 0) else { return .absent }
        return header.word(index, in: 0..<line.end).map { .bytes($0) } ?? .absent
    }

    private static func binary(
        _ name: String, _ notation: ProtocolField.Notation = .decimal, _ detail: ProtocolField.Detail = .brief,
        names: ValueNames? = nil, _ read: @escaping @Sendable (borrowing HeaderBytes) -> FieldReading
    ) -> ProtocolField {
        ProtocolField(name, notation, detail, names: names) { header in
            guard let first = header.u8(0) else { return header.ending }
            return first == 0x80 || first == 0x81 ? read(header) : .absent
        }
    }

    private static let operations: ValueNames = [
        0: "get", 1: "set", 2: "add", 3: "replace", 4: "delete", 5: "increment", 6: "decrement", 7: "quit", 8: "flush",
        9: "getq", 10: "noop", 11: "version", 12: "getk", 13: "getkq", 14: "append", 15: "prepend", 16: "stat",
        28: "touch",
        29: "gat", 32: "list mechanisms", 33: "authenticate", 34: "step",
    ]
}
