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
            guard let type = header.u16(3), let maker = header.bits(.init(0, 24)) else { return nil }
            return maker == 0 || maker == 0xf8 ? NextHeader(.etherType(type)) : nil
        })

    /// Spanning tree of bridges (IEEE 802.1D), and its rapid variant.
    static let stp = PacketProtocol(
        "stp", "STP", [.bridge], base: .walked,
        fields: [
            ProtocolField("stp.ver", bit: 16, 8, .decimal, .more),
            ProtocolField(
                "stp.type", bit: 24, 8, .hexadecimal,
                names: ValueNames {
                    $0 == 0 ? "configuration" : $0 == 2 ? "rapid" : $0 == 0x80 ? "topology change" : nil
                }),
            ProtocolField("stp.flags", bit: 32, 8, .hexadecimal, .more, when: .bits(24, 8, are: [0, 2])),
            ProtocolField("stp.root.prio", bit: 40, 16, .decimal, .more, when: .bits(24, 8, are: [0, 2])),
            ProtocolField("stp.root.addr", bit: 56, 48, .ethernet, when: .bits(24, 8, are: [0, 2])),
            ProtocolField("stp.root.cost", bit: 104, 32, when: .bits(24, 8, are: [0, 2])),
            ProtocolField("stp.bridge.prio", bit: 136, 16, .decimal, .more, when: .bits(24, 8, are: [0, 2])),
            ProtocolField("stp.bridge.addr", bit: 152, 48, .ethernet, when: .bits(24, 8, are: [0, 2])),
            ProtocolField("stp.port", bit: 200, 16, .hexadecimal, when: .bits(24, 8, are: [0, 2])),
        ],
        recognises: { header in header.u16(0).map { $0 == 0 } ?? true },
        headerLength: { header in header.u8(3).map { $0 == 0x80 ? 4 : $0 == 2 ? 36 : 35 } })
}
