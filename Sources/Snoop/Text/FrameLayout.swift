import Protocols

/// The order and the lines in which the fields of a header are shown: for the protocols of the founding document as it
/// shows them, for all others as the tables have them, in lines of at most `width` columns.
enum FrameLayout {
    static let width = 79

    /// Fields that begin a line; the fields after one up to the next share its line. Fields that are not named follow in
    /// the order of the table.
    private static let lines: [String: [[String]]] = [
        "ether": [["src", "dst", "type"]],
        "ip": [["len", "id", "df", "mf", "off"], ["src", "dst"]],
        "tcp": [["sport", "dport"], ["seq", "ack", "flags"], ["win", "urp"]],
    ]

    /// A field and all that its text depends on, worked out once.
    struct Entry: Sendable {
        enum Role: Sendable {
            case plain, port, checksum
            /// A number with commas between groups of digits: it is too long to be read otherwise.
            case grouped
        }

        let field: ProtocolField
        let name: String
        let role: Role

        init(_ field: ProtocolField, of kind: PacketProtocol) {
            self.field = field
            name = field.shortName(in: kind)
            role =
                switch field.name {
                case "tcp.seq", "tcp.ack", "tcp.win": .grouped
                default: name == "sum" ? .checksum : name == "sport" || name == "dport" ? .port : .plain
                }
        }
    }

    /// The fields of each protocol, by line. The last line is wrapped.
    static let table: [[[Entry]]] = ProtocolTable.all.map { kind in
        let named = (lines[kind.name] ?? []).map { line in
            line.compactMap { name in kind[name].map { Entry($0, of: kind) } }
        }
        let others = kind.fields.filter { field in
            !field.isPart && !named.contains { $0.contains { $0.field.name == field.name } }
        }
        return named + [others.map { Entry($0, of: kind) }]
    }
}
