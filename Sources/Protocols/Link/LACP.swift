/// LACP (IEEE 802.1AX): how devices join links to one.
extension PacketProtocol {
    private static let states: [StaticString] = [
        "active", "short-timeout", "aggregation", "sync", "collecting", "distributing", "defaulted", "expired",
    ]

    static let lacp = PacketProtocol(
        "lacp", "LACP", [.etherType(0x8809)], base: .walked,
        fields: [ProtocolField("lacp.ver", bit: 8, 8, .decimal, .most)]
            + end("lacp.actor", at: 4) + end("lacp.partner", at: 24)
            + [ProtocolField("lacp.delay", bit: 352, 16, .decimal, .most)],
        // Subtype 1; others of the slow protocols are markers and those of operators.
        recognises: { header in header.u8(0).map { $0 == 1 } ?? true },
        headerLength: { header in min(header.length, 110) },
        summary: { header, line in
            guard let state = header.u8(18) else { return }
            line.append(flags: UInt128(state), states)
        })

    /// One of the two ends of a link.
    private static func end(_ name: String, at offset: Int) -> [ProtocolField] {
        [
            ProtocolField(name + ".sysprio", bit: offset * 8, 16, .decimal, .more),
            ProtocolField(name + ".sys", bit: offset * 8 + 16, 48, .ethernet),
            ProtocolField(name + ".key", bit: offset * 8 + 64, 16, .decimal, .more),
            ProtocolField(name + ".portprio", bit: offset * 8 + 80, 16, .decimal, .most),
            ProtocolField(name + ".port", bit: offset * 8 + 96, 16),
            ProtocolField(name + ".state", bit: offset * 8 + 112, 8, .flags(states), .more),
        ]
    }
}
