/// IGMP message (RFC 1112, RFC 2236, RFC 3376).
public struct IGMPHeader: Hashable, Sendable {
    public let type: UInt8
    /// The group that is queried or joined; 0.0.0.0 in a general query. nil if cut, and in reports of version 3, which
    /// contain several.
    public var group: IPv4Address?

    static let version3Report: UInt8 = 0x22

    /// The message in words; nil for types without words here.
    public var words: StaticString? {
        switch type {
        case 0x11: group?.bits == 0 ? "general membership query" : "membership query"
        case 0x12: "membership report v1"
        case 0x16: "membership report v2"
        case 0x17: "leave group"
        case Self.version3Report: "membership report v3"
        case 0x13: "DVMRP"
        case 0x30: "multicast router advertisement"
        case 0x31: "multicast router solicitation"
        case 0x32: "multicast router termination"
        default: nil
        }
    }
}

func decodeIGMP(_ bytes: RawSpan, at offset: Int, truncated: inout Bool) -> IGMPHeader? {
    guard let type = bytes.u8(offset) else { return nil }
    var header = IGMPHeader(type: type)
    truncated = !bytes.holds(8, at: offset)
    if type != IGMPHeader.version3Report {
        header.group = bytes.u32(offset + 4).map(IPv4Address.init(bits:))
    }
    return header
}

extension PacketProtocol {
    static let igmp = PacketProtocol(
        "igmp", "IGMP", [.ipProtocol(IPProtocol.igmp)], base: .transport,
        fields: [
            ProtocolField(
                "igmp.type", bit: 0, 8, .hexadecimal,
                names: ValueNames { IGMPHeader(type: UInt8(truncatingIfNeeded: $0)).words }),
            ProtocolField("igmp.code", bit: 8, 8, .decimal, .more),
            ProtocolField("igmp.sum", bit: 16, 16, .hexadecimal, .all),
            // Reports of version 3 contain several groups.
            ProtocolField("igmp.group", bit: 32, 32, .ipv4, when: .bits(0, 8, are: [0x11, 0x12, 0x16, 0x17])),
            query("igmp.s", .flag) { $0.u8(8).map { UInt64($0 >> 3 & 1) } },
            query("igmp.qrv", .decimal) { $0.u8(8).map { UInt64($0 & 7) } },
            query("igmp.qqic", .decimal) { $0.u8(9).map(UInt64.init) },
            query("igmp.nsrc", .decimal) { $0.u16(10).map(UInt64.init) },
            ProtocolField("igmp.src", .ipv4, .more, when: isQuery) { header, values in
                guard header.length >= 12 else { return }
                guard let count = header.u16(10) else { return _ = values.append(header.ending) }
                for index in 0..<Int(count) {
                    guard values.append(header.read(at: 12 + 4 * index, count: 4)) else { return }
                }
            },
            ProtocolField("igmp.ngroups", bit: 48, 16, .decimal, .more, when: isReport),
            record("igmp.rec.type", .decimal, names: recordTypes) { $0.read(at: $1, count: 1) },
            record("igmp.rec.nsrc", .decimal) { $0.read(at: $1 + 2, count: 2) },
            record("igmp.rec.group", .ipv4) { $0.read(at: $1 + 4, count: 4) },
        ],
        headerLength: { header in
            guard let type = header.u8(0) else { return nil }
            return type == IGMPHeader.version3Report || type == 0x11 ? max(8, header.length) : 8
        },
        summary: { header, line in
            guard let type = header.u8(0) else { return }
            let isReport = type == IGMPHeader.version3Report
            let group = isReport ? nil : header.u32(4).map(IPv4Address.init(bits:))
            if let words = IGMPHeader(type: type, group: group).words { line.append(words) }
        })

    private static let isQuery = ProtocolField.Condition.bits(0, 8, are: [0x11])
    private static let isReport = ProtocolField.Condition.bits(0, 8, are: [UInt64(IGMPHeader.version3Report)])

    /// Types of records, of IGMP version 3 and of MLD version 2.
    static let recordTypes: ValueNames = [
        1: "include", 2: "exclude", 3: "to include", 4: "to exclude", 5: "allow", 6: "block",
    ]

    /// A field that only queries of version 3 have.
    private static func query(
        _ name: String, _ notation: ProtocolField.Notation,
        _ read: @escaping @Sendable (borrowing HeaderBytes) -> UInt64?
    ) -> ProtocolField {
        ProtocolField(name, notation, .more, when: isQuery) { header in
            guard header.length >= 12 else { return .absent }
            return read(header).map { .number(UInt128($0)) } ?? .truncated
        }
    }

    private static func record(
        _ name: String, _ notation: ProtocolField.Notation, names: ValueNames? = nil,
        _ read: @escaping @Sendable (borrowing HeaderBytes, Int) -> FieldReading
    ) -> ProtocolField {
        ProtocolField(name, notation, .brief, when: isReport, names: names) { header, values in
            values.append(groupRecords: header, addressSize: 4, read)
        }
    }
}

extension FieldValues {
    /// The records of a report (RFC 3376, RFC 3810): a type, the size of data after it, the number of sources, the
    /// group, the sources.
    mutating func append(
        groupRecords header: borrowing HeaderBytes, addressSize: Int,
        _ read: (borrowing HeaderBytes, Int) -> FieldReading
    ) {
        guard let count = header.u16(6) else { return _ = append(header.ending) }
        var offset = 8
        for _ in 0..<count {
            guard offset + 4 + addressSize <= header.length else { return _ = append(.malformed) }
            guard append(read(header, offset)) else { return }
            guard let auxiliary = header.u8(offset + 1), let sources = header.u16(offset + 2) else {
                return _ = append(header.ending)
            }
            offset += 4 + addressSize * (1 + Int(sources)) + 4 * Int(auxiliary)
        }
    }
}
