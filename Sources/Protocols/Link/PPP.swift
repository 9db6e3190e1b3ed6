/// PPP over Ethernet (RFC 2516) and the protocol number of PPP (RFC 1661).
extension PacketProtocol {
    private static let session: UInt16 = 0x8864

    static let pppoe = PacketProtocol(
        "pppoe", "PPPoE", [.etherType(0x8863), .etherType(session)], base: .walked,
        fields: [
            ProtocolField("pppoe.v", bit: 0, 4, .decimal, .all),
            ProtocolField("pppoe.type", bit: 4, 4, .decimal, .all),
            ProtocolField("pppoe.code", bit: 8, 8, .hexadecimal, names: ValueNames(pppoeCode)),
            ProtocolField("pppoe.session", bit: 16, 16),
            ProtocolField("pppoe.len", bit: 32, 16, .decimal, .more),
        ],
        recognises: { header in header.u8(0).map { $0 == 0x11 } ?? true },
        headerLength: { _ in 6 },
        next: { header in
            // A code other than 0 is of discovery: tags follow.
            guard let code = header.u8(1), let length = header.u16(4) else { return nil }
            return NextHeader(code == 0 ? .ppp : .data, length: Int(length))
        },
        summary: { header, line in
            guard let code = header.u8(1), let session = header.u16(2) else { return }
            if let name = pppoeCode(UInt64(code)) {
                line.append(name)
            } else {
                line.append("session ")
                line.appendDecimal(session)
            }
        })

    static let ppp = PacketProtocol(
        "ppp", "PPP", [.ppp, .etherType(0x880b)], base: .walked,
        fields: [
            ProtocolField("ppp.proto", .hexadecimal, .more, names: ValueNames(pppProtocol)) { header in
                pppNumber(header).map { .number(UInt128($0.value)) } ?? .truncated
            }
        ],
        headerLength: { header in pppNumber(header)?.size },
        next: { header in
            switch pppNumber(header)?.value {
            case 0x0021: NextHeader(.etherType(EtherType.ipv4))
            case 0x0057: NextHeader(.etherType(EtherType.ipv6))
            case 0x0281: NextHeader(.etherType(EtherType.mpls))
            default: nil
            }
        },
        summary: { header, line in
            if let number = pppNumber(header)?.value, let name = pppProtocol(UInt64(number)) { line.append(name) }
        })

    /// An odd first byte is the whole number (protocol field compression). An address and a control field may precede it
    /// (RFC 1662, section 3.1).
    @Sendable private static func pppNumber(_ header: borrowing HeaderBytes) -> (value: UInt16, size: Int)? {
        guard let both = header.u16(0) else {
            return header.u8(0).flatMap { $0 & 1 == 1 && $0 != 0xff ? (UInt16($0), 1) : nil }
        }
        let start = both == 0xff03 ? 2 : 0
        guard let first = header.u8(start) else { return nil }
        if first & 1 == 1 { return (UInt16(first), start + 1) }
        return header.u16(start).map { ($0, start + 2) }
    }

    /// Whether a number of PPP that has a name here is at an offset.
    static func isPPP(_ header: borrowing HeaderBytes, at offset: Int) -> Bool {
        guard let number = header.u16(header.u16(offset) == 0xff03 ? offset + 2 : offset) else { return false }
        return pppProtocol(UInt64(number)) != nil
    }

    @Sendable private static func pppoeCode(_ number: UInt64) -> StaticString? {
        switch number {
        case 0x09: "PADI"
        case 0x07: "PADO"
        case 0x19: "PADR"
        case 0x65: "PADS"
        case 0xa7: "PADT"
        default: nil
        }
    }

    @Sendable private static func pppProtocol(_ number: UInt64) -> StaticString? {
        switch number {
        case 0x0021: "IP"
        case 0x0057: "IPv6"
        case 0x0281: "MPLS"
        case 0x8021: "IPCP"
        case 0x8057: "IPv6CP"
        case 0xc021: "LCP"
        case 0xc023: "PAP"
        case 0xc223: "CHAP"
        default: nil
        }
    }
}
