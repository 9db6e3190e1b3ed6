/// WireGuard: the head of its messages, which is not encrypted. The lowest byte of numbers comes first.
extension PacketProtocol {
    private static let isInitiation = ProtocolField.Condition.bits(0, 32, are: [0x0100_0000])
    private static let isResponse = ProtocolField.Condition.bits(0, 32, are: [0x0200_0000])

    static let wireGuard = PacketProtocol(
        "wg", "WireGuard", [.udpPort(51820)], base: .walked,
        fields: [
            ProtocolField("wg.type", bit: 0, 8, names: [1: "initiation", 2: "response", 3: "cookie", 4: "data"]),
            .little("wg.sender", at: 4, 4, .hexadecimal, .brief, when: .bits(0, 32, are: [0x0100_0000, 0x0200_0000])),
            .little("wg.receiver", at: 8, 4, .hexadecimal, .brief, when: isResponse),
            .little("wg.receiver.data", at: 4, 4, .hexadecimal, .brief, when: .bits(0, 8, are: [3, 4])),
            .little("wg.counter", at: 8, 8, .decimal, .brief, when: .bits(0, 8, are: [4])),
            .bytes("wg.ephemeral", at: 8, 32, .bytes, .most, when: isInitiation),
        ],
        // Each message but that of data has one length.
        recognises: { header in
            switch header.u32(0) {
            case 0x0100_0000: header.length == 148
            case 0x0200_0000: header.length == 92
            case 0x0300_0000: header.length == 64
            case 0x0400_0000: header.length >= 32 && header.length % 16 == 0
            default: false
            }
        },
        headerLength: { header in header.u8(0).map { $0 == 4 ? 16 : header.length } },
        summary: { header, line in
            switch header.u8(0) {
            case 1: line.append("initiation")
            case 2: line.append("response")
            case 3: line.append("cookie")
            case 4: line.append("data")
            default: break
            }
        })
}
