/// VRRP, versions 2 (RFC 3768) and 3 (RFC 9568).
extension PacketProtocol {
    static let vrrp = PacketProtocol(
        "vrrp", "VRRP", [.ipProtocol(112)], base: .transport,
        fields: [
            ProtocolField("vrrp.ver", bit: 0, 4, .decimal, .more),
            ProtocolField("vrrp.type", bit: 4, 4, .decimal, .more, names: [1: "advertisement"]),
            ProtocolField("vrrp.vrid", bit: 8, 8),
            ProtocolField("vrrp.prio", bit: 16, 8),
            ProtocolField("vrrp.naddr", bit: 24, 8, .decimal, .most),
            ProtocolField("vrrp.auth", bit: 32, 8, .decimal, .most, when: .bits(0, 4, are: [2])),
            // Seconds in version 2, hundredths of a second in version 3.
            ProtocolField("vrrp.interval", bit: 40, 8, .decimal, .more, when: .bits(0, 4, are: [2])),
            ProtocolField("vrrp.maxinterval", bit: 36, 12, .decimal, .more, when: .bits(0, 4, are: [3])),
            ProtocolField("vrrp.sum", bit: 48, 16, .hexadecimal, .all),
            vrrpAddresses("vrrp.addr", .ipv4, size: 4), vrrpAddresses("vrrp.addr6", .ipv6, size: 16),
        ],
        // CARP has the same number, and type 1 in the same place; its length is of other meaning.
        recognises: { header in header.u8(0).map { $0 == 0x21 || $0 == 0x31 } ?? true },
        headerLength: { header in max(8, header.length) },
        summary: { header, line in
            guard let router = header.u8(1), let priority = header.u8(2) else { return }
            line.append("vrid ")
            line.appendDecimal(router)
            line.append(" prio ")
            line.appendDecimal(priority)
        })

    /// The length of the packet shows of which size the addresses are.
    private static func vrrpAddresses(
        _ name: String, _ notation: ProtocolField.Notation, size: Int
    ) -> ProtocolField {
        ProtocolField(name, notation, .brief) { header, values in
            guard let count = header.u8(3) else { return _ = values.append(header.ending) }
            let isWide = header.length >= 8 + 16 * Int(count)
            guard isWide == (size == 16) else { return }
            for index in 0..<Int(count) {
                guard values.append(header.read(at: 8 + size * index, count: size)) else { return }
            }
        }
    }
}
