/// VXLAN (RFC 7348), also on Linux's older default port.
extension PacketProtocol {
    static let vxlan = PacketProtocol(
        "vxlan", "VXLAN", [.udpDestination(4789), .udpDestination(8472)], base: .walked,
        fields: [
            ProtocolField("vxlan.flags", bit: 0, 8, .hexadecimal, .more),
            ProtocolField("vxlan.vni", bit: 32, 24),
        ],
        // Without the I flag, or with flags other than that of group policies, another protocol uses the port.
        recognises: { header in
            guard let flags = header.u8(0), let last = header.u8(7) else { return false }
            return flags & 0x7f == 0x08 && last == 0
        },
        headerLength: { _ in 8 },
        next: { _ in NextHeader(.etherType(EtherType.transparentBridging)) },
        summary: { header, line in
            guard let vni = header.u32(4) else { return }
            line.append("vni ")
            line.appendDecimal(vni >> 8)
        })

    /// VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe): the header says what follows.
    static let vxlanGPE = PacketProtocol(
        "vxlangpe", "VXLAN-GPE", [.udpDestination(4790)], base: .walked,
        fields: [
            ProtocolField("vxlangpe.flags", bit: 0, 8, .hexadecimal, .more),
            ProtocolField(
                "vxlangpe.proto", bit: 24, 8, names: [1: "IP", 2: "IPv6", 3: "Ethernet", 4: "NSH", 5: "MPLS"]),
            ProtocolField("vxlangpe.vni", bit: 32, 24),
        ],
        // The I and the P flag, no reserved bits.
        recognises: { header in
            guard let word = header.u32(0), let last = header.u8(7) else { return false }
            return word >> 24 & 0xcc == 0x0c && word & 0xffff00 == 0 && last == 0
        },
        headerLength: { _ in 8 },
        next: { header in
            switch header.u8(3) {
            case 1: NextHeader(.etherType(EtherType.ipv4))
            case 2: NextHeader(.etherType(EtherType.ipv6))
            case 3: NextHeader(.etherType(EtherType.transparentBridging))
            case 5: NextHeader(.etherType(EtherType.mpls))
            default: nil
            }
        },
        summary: { header, line in
            guard let vni = header.u32(4) else { return }
            line.append("vni ")
            line.appendDecimal(vni >> 8)
        })
}
