/// GRE header (RFC 2784, RFC 2890; version 1: RFC 2637).
public struct GREHeader: Hashable, Sendable {
    /// Type of the payload: 0x6558 for Ethernet frames.
    public let etherType: UInt16
    public var key: UInt32?
    public var sequence: UInt32?
}

/// Decodes a GRE header; `end` becomes the offset of the encapsulated packet. Returns nil if the fixed part is cut.
func decodeGRE(_ bytes: RawSpan, at offset: Int, end: inout Int, truncated: inout Bool) -> GREHeader? {
    guard let flags = bytes.u16(offset), let etherType = bytes.u16(offset + 2) else { return nil }
    var header = GREHeader(etherType: etherType)
    end = offset + 4
    // The checksum field is present if the checksum or the routing flag (RFC 1701) is set.
    if flags & 0xc000 != 0 {
        end += 4
    }
    if flags & 0x2000 != 0 {
        header.key = bytes.u32(end)
        end += 4
    }
    if flags & 0x1000 != 0 {
        header.sequence = bytes.u32(end)
        end += 4
    }
    if flags & 7 == 1, flags & 0x0080 != 0 {
        // Version 1 has an acknowledgement number.
        end += 4
    }
    truncated = end > bytes.byteCount
    return header
}

extension PacketProtocol {
    /// Offsets of the optional fields, which the first two bytes decide, and of the end.
    private struct GRELayout {
        var key: Int?
        var sequence: Int?
        var acknowledgement: Int?
        var end = 4

        init?(_ header: borrowing HeaderBytes) {
            guard let flags = header.u16(0) else { return nil }
            if flags & 0xc000 != 0 { end += 4 }
            if flags & 0x2000 != 0 { key = add() }
            if flags & 0x1000 != 0 { sequence = add() }
            if flags & 7 == 1, flags & 0x0080 != 0 { acknowledgement = add() }
        }

        private mutating func add() -> Int {
            end += 4
            return end - 4
        }
    }

    static let gre = PacketProtocol(
        "gre", "GRE", [.ipProtocol(IPProtocol.gre)], base: .transport,
        fields: [
            ProtocolField("gre.flags", bit: 0, 16, .hexadecimal, .all),
            ProtocolField("gre.ver", bit: 13, 3, .decimal, .more),
            ProtocolField("gre.proto", bit: 16, 16, .hexadecimal, names: .etherTypes),
            ProtocolField("gre.sum", bit: 32, 16, .hexadecimal, .all, when: .bits(0, 1, are: [1])),
            optional("gre.key") { $0.key },
            optional("gre.seq") { $0.sequence },
            optional("gre.ack") { $0.acknowledgement },
        ],
        headerLength: { header in GRELayout(header)?.end },
        next: { header in
            guard let layout = GRELayout(header), let type = header.u16(2) else { return nil }
            // ERSPAN type I has no header: the mirrored frame follows.
            let isBare = type == EtherType.erspan2 && layout.sequence == nil
            return NextHeader(.etherType(isBare ? EtherType.transparentBridging : type))
        },
        summary: { header, line in
            guard let key = GRELayout(header)?.key.flatMap({ header.u32($0) }) else { return }
            line.append("key ")
            line.appendDecimal(key)
        })

    private static func optional(
        _ name: String, _ offset: @escaping @Sendable (GRELayout) -> Int?
    ) -> ProtocolField {
        ProtocolField(name) { header in
            guard let layout = GRELayout(header) else { return .truncated }
            return offset(layout).map { header.read(at: $0, count: 4) } ?? .absent
        }
    }
}
