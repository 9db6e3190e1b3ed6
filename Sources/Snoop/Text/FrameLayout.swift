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

    /// The places of a protocol's fields, by line. The last line is wrapped.
    static let table: [[[Int]]] = ProtocolTable.all.map { kind in
        let named = (lines[kind.name] ?? []).map { line in
            line.compactMap { name in kind.fields.firstIndex { $0.name == "\(kind.name).\(name)" } }
        }
        let others = kind.fields.indices.filter { index in
            !kind.fields[index].isPart && !named.contains { $0.contains(index) }
        }
        return named + [others]
    }

    /// Numbers with commas between groups of digits: they are too long to be read otherwise.
    static func isGrouped(_ field: ProtocolField) -> Bool {
        field.name == "tcp.seq" || field.name == "tcp.ack" || field.name == "tcp.win"
    }
}
