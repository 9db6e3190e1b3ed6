/// Mirrored frames after GRE, types II and III (include/net/erspan.h in the kernel).
extension PacketProtocol {
    static let erspan = PacketProtocol(
        "erspan", "ERSPAN", [.etherType(EtherType.erspan2), .etherType(EtherType.erspan3)], base: .walked,
        fields: [
            ProtocolField("erspan.ver", bit: 0, 4),
            ProtocolField("erspan.vlan", bit: 4, 12, .decimal, .more),
            ProtocolField("erspan.cos", bit: 16, 3, .decimal, .more),
            ProtocolField("erspan.truncated", bit: 21, 1, .flag, .more),
            ProtocolField("erspan.session", bit: 22, 10),
            ProtocolField("erspan.index", bit: 44, 20, .decimal, .more, when: .bits(0, 4, are: [1])),
            ProtocolField("erspan.time", bit: 32, 32, .decimal, .more, when: .bits(0, 4, are: [2])),
        ],
        recognises: { header in header.u8(0).map { $0 >> 4 == 1 || $0 >> 4 == 2 } ?? true },
        headerLength: { header in
            guard let version = header.u8(0) else { return nil }
            if version >> 4 == 1 { return 8 }
            // The O bit: a platform-specific subheader follows.
            return header.u8(11).map { 12 + Int($0 & 1) * 8 }
        },
        next: { _ in NextHeader(.etherType(EtherType.transparentBridging)) },
        summary: { header, line in
            guard let session = header.u16(2) else { return }
            line.append("session ")
            line.appendDecimal(session & 0x3ff)
        })
}
