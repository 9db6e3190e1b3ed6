/// GTP-U, version 1 (3GPP TS 29.281): the tunnels of mobile networks.
extension PacketProtocol {
    private static let gPDU: UInt8 = 255

    static let gtp = PacketProtocol(
        "gtp", "GTP", [.udpDestination(2152)], base: .walked,
        fields: [
            ProtocolField("gtp.ver", bit: 0, 3, .decimal, .all),
            ProtocolField(
                "gtp.type", bit: 8, 8, .decimal, .more,
                names: [
                    1: "echo request", 2: "echo response", 26: "error indication", 31: "extension headers",
                    254: "end marker", 255: "data",
                ]),
            ProtocolField("gtp.len", bit: 16, 16, .decimal, .more),
            ProtocolField("gtp.teid", bit: 32, 32),
            // Each of the three optional fields is there if one of them is, and counts if its flag is set.
            ProtocolField("gtp.seq", bit: 64, 16, .decimal, .more, when: .bits(6, 1, are: [1])),
            ProtocolField("gtp.npdu", bit: 80, 8, .decimal, .most, when: .bits(7, 1, are: [1])),
            ProtocolField(
                "gtp.ext", bit: 88, 8, .hexadecimal, .more, when: .bits(5, 1, are: [1]),
                names: [0x40: "UDP port", 0x85: "PDU session container", 0xc0: "PDCP number"]),
        ],
        // Messages of control have the length of the datagram.
        recognises: { header in
            guard let flags = header.u8(0), let type = header.u8(1), let length = header.u16(2), flags & 0xf8 == 0x30
            else {
                return false
            }
            return type == gPDU || [1, 2, 26, 31, 254].contains(type) && Int(length) + 8 == header.length
        },
        headerLength: gtpLength,
        next: { header in
            guard header.u8(1) == gPDU, let end = gtpLength(header), let first = header.u8(end) else { return nil }
            return NextHeader(.etherType(first >> 4 == 4 ? EtherType.ipv4 : EtherType.ipv6))
        },
        summary: { header, line in
            guard let teid = header.u32(4) else { return }
            line.append("teid ")
            line.appendDecimal(teid)
        })

    /// With the optional fields and the extension headers; nil if they were not captured.
    @Sendable private static func gtpLength(_ header: borrowing HeaderBytes) -> Int? {
        guard let flags = header.u8(0) else { return nil }
        var end = 8
        guard flags & 7 != 0 else { return end }
        end += 4
        var next = flags & 4 != 0 ? header.u8(end - 1) : 0
        while let kind = next, kind != 0 {
            // An extension without length ends the chain: what follows is unknown.
            guard let units = header.u8(end), units > 0 else { return nil }
            end += Int(units) * 4
            next = header.u8(end - 1)
        }
        return next == nil ? nil : end
    }
}
