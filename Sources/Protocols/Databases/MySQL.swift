/// The first messages of MySQL: the greeting of a server, the login of a client, and commands. The lowest byte of numbers
/// comes first.
extension PacketProtocol {
    static let mysql = PacketProtocol(
        "mysql", "MySQL", [.tcpPort(3306)], base: .walked,
        fields: [
            .little("mysql.len", at: 0, 3, .decimal, .more),
            ProtocolField("mysql.seq", bit: 24, 8, .decimal, .more),
            ProtocolField("mysql.version", .text) { header in
                guard mysqlKind(header) == .greeting else { return .absent }
                return header.textToNUL(from: 5)
            },
            ProtocolField("mysql.thread") { header in
                guard mysqlKind(header) == .greeting else { return .absent }
                let version = header.textToNUL(from: 5)
                guard case .bytes(let range) = version else { return version }
                return header.little(range.upperBound + 1, 4).map { .number(UInt128($0)) } ?? header.ending
            },
            ProtocolField("mysql.caps", .hexadecimal, .more) { header in
                guard mysqlKind(header) == .login else { return .absent }
                return header.little(4, 4).map { .number(UInt128($0)) } ?? header.ending
            },
            ProtocolField("mysql.user", .text) { header in
                // Before encryption begins, a login ends after its fixed part.
                guard mysqlKind(header) == .login, header.length > 36 else { return .absent }
                return header.textToNUL(from: 36)
            },
            ProtocolField("mysql.command", names: mysqlCommands) { header in
                mysqlKind(header) == .command ? header.read(at: 4, count: 1) : .absent
            },
            ProtocolField("mysql.query", .text) { header in
                guard mysqlKind(header) == .command, header.u8(4) == 3, let length = header.little(0, 3) else {
                    return .absent
                }
                return header.run(Range(from: 5, to: 4 + Int(length)))
            },
        ],
        recognises: { header in mysqlKind(header) != nil },
        headerLength: { header in header.little(0, 3).map { min(4 + Int($0), header.length) } },
        summary: { header, line in
            switch mysqlKind(header) {
            case .greeting: line.append("greeting")
            case .login: line.append("login")
            case .command: if let code = header.u8(4), let name = mysqlCommands[UInt64(code)] { line.append(name) }
            case nil: break
            }
        })

    private enum MySQLKind {
        case greeting, login, command
    }

    /// A message is known by its number in an exchange, its length and its first bytes.
    private static func mysqlKind(_ header: borrowing HeaderBytes) -> MySQLKind? {
        guard let length = header.little(0, 3), let sequence = header.u8(3), length > 0,
            Int(length) + 4 == header.length, let first = header.u8(4)
        else { return nil }
        if sequence == 0, first == 10, length > 40 {
            // A version is printable and ends soon.
            for offset in 5..<64 where header.u8(offset) == 0 { return header.isText(5..<offset) ? .greeting : nil }
            return nil
        }
        if sequence == 1 || sequence == 2, length >= 32, let capabilities = header.little(4, 4),
            capabilities & 0x0200 != 0, (13..<36).allSatisfy({ header.u8($0) == 0 || $0 >= 32 })
        {
            return .login
        }
        guard sequence == 0, mysqlCommands[UInt64(first)] != nil else { return nil }
        switch first {
        case 1, 9, 14, 31: return length == 1 ? .command : nil
        case 2, 3, 22:
            return length > 1 && header.isQuery(Range(from: 5, to: min(header.capturedCount, 4 + Int(length))))
                ? .command : nil
        case 23, 24, 25, 26: return length >= 5 ? .command : nil
        default: return nil
        }
    }

    private static let mysqlCommands: ValueNames = [
        1: "quit", 2: "use", 3: "query", 9: "statistics", 14: "ping", 22: "prepare", 23: "execute", 24: "long data",
        25: "close", 26: "reset", 31: "reset connection",
    ]
}

extension HeaderBytes {
    /// Text that may have several lines.
    func isQuery(_ range: Range<Int>) -> Bool {
        range.allSatisfy { offset in u8(offset).map { $0 >= 0x20 && $0 != 0x7f || 9...13 ~= $0 } ?? false }
    }
}
