/// VXLAN (RFC 7348), also on Linux's older default port.
extension PacketProtocol {
    static let vxlan = PacketProtocol(
        "vxlan", "VXLAN", [.udpDestination(4789), .udpDestination(8472)], base: .walked,
        fields: [
            ProtocolField("vxlan.flags", bit: 0, 8, .hexadecimal, .more),
            ProtocolField("vxlan.vni", bit: 32, 24),
        ],
        // Without the I flag there is no valid network identifier: another protocol uses the port.
        recognises: { header in header.u8(0).map { $0 & 0x08 != 0 } ?? false },
        headerLength: { _ in 8 },
        next: { _ in NextHeader(.etherType(EtherType.transparentBridging)) },
        summary: { header, line in
            guard let vni = header.u32(4) else { return }
            line.append("vni ")
            line.appendDecimal(vni >> 8)
        })
}
