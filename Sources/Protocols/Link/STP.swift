/// Spanning tree of bridges (IEEE 802.1D), and its rapid and multiple variants (802.1w, 802.1s).
extension PacketProtocol {
    private static let isConfiguration = ProtocolField.Condition.bits(24, 8, are: [0, 2])
    private static let isRapid = ProtocolField.Condition.bits(24, 8, are: [2])

    static let stp = PacketProtocol(
        "stp", "STP", [.bridge], base: .walked,
        fields: [
            ProtocolField(
                "stp.ver", bit: 16, 8, .decimal, .more,
                names: [0: "spanning tree", 2: "rapid", 3: "multiple", 4: "shortest path"]),
            ProtocolField(
                "stp.type", bit: 24, 8, .hexadecimal, names: [0: "configuration", 2: "rapid", 0x80: "topology change"]),
            ProtocolField("stp.flags", bit: 32, 8, .hexadecimal, .more, when: isConfiguration),
            ProtocolField("stp.tc", bit: 39, 1, .flag, .most, when: isConfiguration),
            ProtocolField("stp.proposal", bit: 38, 1, .flag, .most, when: isRapid),
            ProtocolField(
                "stp.role", bit: 36, 2, .decimal, .more, when: isRapid,
                names: [0: "unknown", 1: "alternate", 2: "root", 3: "designated"]),
            ProtocolField("stp.learning", bit: 35, 1, .flag, .most, when: isRapid),
            ProtocolField("stp.forwarding", bit: 34, 1, .flag, .most, when: isRapid),
            ProtocolField("stp.agreement", bit: 33, 1, .flag, .most, when: isRapid),
            ProtocolField("stp.tcack", bit: 32, 1, .flag, .most, when: isConfiguration),
            ProtocolField("stp.root.prio", bit: 40, 16, .decimal, .more, when: isConfiguration),
            ProtocolField("stp.root.addr", bit: 56, 48, .ethernet, when: isConfiguration),
            ProtocolField("stp.root.cost", bit: 104, 32, when: isConfiguration),
            ProtocolField("stp.bridge.prio", bit: 136, 16, .decimal, .more, when: isConfiguration),
            ProtocolField("stp.bridge.addr", bit: 152, 48, .ethernet, when: isConfiguration),
            ProtocolField("stp.port", bit: 200, 16, .hexadecimal, when: isConfiguration),
            // In units of 1/256 s.
            ProtocolField("stp.age", bit: 216, 16, .decimal, .most, when: isConfiguration),
            ProtocolField("stp.maxage", bit: 232, 16, .decimal, .most, when: isConfiguration),
            ProtocolField("stp.hello", bit: 248, 16, .decimal, .most, when: isConfiguration),
            ProtocolField("stp.delay", bit: 264, 16, .decimal, .most, when: isConfiguration),
        ],
        recognises: { header in header.u16(0).map { $0 == 0 } ?? true },
        headerLength: { header in header.u8(3).map { $0 == 0x80 ? 4 : $0 == 2 ? 36 : 35 } },
        summary: { header, line in
            guard let type = header.u8(3) else { return }
            line.append(type == 0 ? "configuration" : type == 2 ? "rapid" : "topology change")
        })
}
