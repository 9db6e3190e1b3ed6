/// IEEE 802.2 headers of frames that have a length instead of a type, and the extension that has a type again (SNAP).
extension PacketProtocol {
    static let llc = PacketProtocol(
        "llc", "LLC", [.llc], base: .walked,
        fields: [
            ProtocolField("llc.dsap", bit: 0, 8, .hexadecimal),
            ProtocolField("llc.ssap", bit: 8, 8, .hexadecimal),
            ProtocolField("llc.cntl", bit: 16, 8, .hexadecimal, .more),
        ],
        // Unnumbered frames have a control field of one byte, others of two.
        headerLength: { header in header.u8(2).map { $0 & 3 == 3 ? 3 : 4 } },
        next: { header in
            switch (header.u16(0), header.u8(2)) {
            case (0xaaaa, 3): NextHeader(.snap)
            case (0x4242, 3): NextHeader(.bridge)
            default: nil
            }
        })

    static let snap = PacketProtocol(
        "snap", "SNAP", [.snap], base: .walked,
        fields: [
            ProtocolField("snap.oui", bit: 0, 24, .hexadecimal, .more),
            ProtocolField("snap.type", bit: 24, 16, .hexadecimal, names: .etherTypes),
        ],
        headerLength: { _ in 5 },
        next: { header in
            // Types of IEEE 802.1H and RFC 1042; other makers have numbers of their own.
            guard let type = header.u16(3), let maker = header.number(0, 3) else { return nil }
            return NextHeader(
                maker == 0 || maker == 0xf8 ? .etherType(type) : .organization(UInt32(maker), type))
        })
}
