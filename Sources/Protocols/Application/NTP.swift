/// NTP (RFC 5905).
extension PacketProtocol {
    static let ntp = PacketProtocol(
        "ntp", "NTP", [.udpPort(123)], base: .walked,
        fields: [
            ProtocolField("ntp.leap", bit: 0, 2, .decimal, .more),
            ProtocolField("ntp.ver", bit: 2, 3),
            ProtocolField("ntp.mode", bit: 5, 3, names: ValueNames(ntpMode)),
            ProtocolField("ntp.stratum", bit: 8, 8),
            ProtocolField("ntp.poll", bit: 16, 8, .decimal, .more),
            ProtocolField("ntp.delay", bit: 32, 32, .decimal, .most),
            ProtocolField("ntp.dispersion", bit: 64, 32, .decimal, .most),
            ProtocolField("ntp.refid", bit: 96, 32, .hexadecimal, .more),
        ],
        // Messages of control (6) and of implementations (7) have other fields. A stratum is at most 16, the interval of
        // polls at most 2¹⁷ s, and the precision a negative power of 2, or 0 of simple clients.
        recognises: { header in
            guard let first = header.u8(0), let stratum = header.u8(1), let poll = header.u8(2),
                let precision = header.u8(3), header.length >= 48, header.length % 4 == 0
            else { return false }
            return (1...4).contains(first >> 3 & 7) && (1...5).contains(first & 7) && stratum <= 16
                && (poll <= 17 || poll >= 0xf0) && (precision == 0 || precision >= 0x80)
        },
        headerLength: { _ in 48 },
        summary: { header, line in
            guard let first = header.u8(0), let mode = ntpMode(UInt64(first & 7)) else { return }
            line.append(mode)
        })

    @Sendable private static func ntpMode(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "symmetric active"
        case 2: "symmetric passive"
        case 3: "client"
        case 4: "server"
        case 5: "broadcast"
        default: nil
        }
    }
}
