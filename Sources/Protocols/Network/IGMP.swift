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
        ],
        headerLength: { _ in 8 },
        summary: { header, line in
            guard let type = header.u8(0) else { return }
            let isReport = type == IGMPHeader.version3Report
            let group = isReport ? nil : header.u32(4).map(IPv4Address.init(bits:))
            if let words = IGMPHeader(type: type, group: group).words { line.append(words) }
        })
}
