/// Geneve (RFC 8926).
extension PacketProtocol {
    static let geneve = PacketProtocol(
        "geneve", "Geneve", [.udpDestination(6081)], base: .walked,
        fields: [
            ProtocolField("geneve.ver", bit: 0, 2, .decimal, .all),
            ProtocolField("geneve.optlen", bit: 2, 6, .decimal, .most),
            ProtocolField("geneve.oam", bit: 8, 1, .flag, .more),
            ProtocolField("geneve.critical", bit: 9, 1, .flag, .more),
            ProtocolField("geneve.proto", bit: 16, 16, .hexadecimal, .more, names: .etherTypes),
            ProtocolField("geneve.vni", bit: 32, 24),
            ProtocolField("geneve.opts", .bytes, .more) { header in
                guard let first = header.u8(0) else { return .truncated }
                return first & 0x3f == 0 ? .absent : header.run(8..<8 + Int(first & 0x3f) * 4)
            },
            geneveOption("geneve.opt.class", .hexadecimal) { $0 >> 16 },
            geneveOption("geneve.opt.type", .hexadecimal) { $0 >> 8 & 0xff },
            geneveOption("geneve.opt.len", .decimal) { ($0 & 0x1f) * 4 },
        ],
        // It may carry any ethertype; with a type other than these, another protocol probably uses the port.
        recognises: { header in
            guard let version = header.u8(0).map({ $0 >> 6 }), let type = header.u16(2) else { return false }
            return version == 0
                && (type == EtherType.transparentBridging || type == EtherType.ipv4 || type == EtherType.ipv6)
        },
        headerLength: { header in header.u8(0).map { 8 + Int($0 & 0x3f) * 4 } },
        next: { header in header.u16(2).map { NextHeader(.etherType($0)) } },
        summary: { header, line in
            guard let vni = header.u32(4) else { return }
            line.append("vni ")
            line.appendDecimal(vni >> 8)
        })

    /// A part of the head of each option: a class, a type, and a length in words.
    private static func geneveOption(
        _ name: String, _ notation: ProtocolField.Notation, _ part: @escaping @Sendable (UInt64) -> UInt64
    ) -> ProtocolField {
        ProtocolField(name, notation, .most) { header, values in
            guard let first = header.u8(0) else { return _ = values.append(.truncated) }
            let end = 8 + Int(first & 0x3f) * 4
            var offset = 8
            while offset < end {
                guard let head = header.u32(offset).map(UInt64.init) else { return _ = values.append(header.ending) }
                guard values.append(.number(UInt128(part(head)))) else { return }
                offset += 4 + Int(head & 0x1f) * 4
            }
        }
    }
}
