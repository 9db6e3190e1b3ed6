/// Ethernet II header (IEEE 802.3).
public struct EthernetHeader: Hashable, Sendable {
    public let destination: MACAddress
    public let source: MACAddress
    /// Type of the payload, or of the first VLAN tag.
    public let etherType: UInt16

    /// Size in bytes.
    static let size = 14

    init?(_ bytes: RawSpan, at offset: Int) {
        guard let destination = bytes.u48(offset), let source = bytes.u48(offset + 6),
            let etherType = bytes.u16(offset + 12)
        else { return nil }
        self.destination = MACAddress(bits: destination)
        self.source = MACAddress(bits: source)
        self.etherType = etherType
    }
}

extension PacketProtocol {
    static let ethernet = PacketProtocol(
        "ether", "Ethernet", [.link(1), .etherType(EtherType.transparentBridging)], base: .link,
        fields: [
            ProtocolField("ether.dst", bit: 0, 48, .ethernet),
            ProtocolField("ether.src", bit: 48, 48, .ethernet),
            ProtocolField("ether.type", bit: 96, 16, .hexadecimal, .most, names: .etherTypes),
        ],
        headerLength: { _ in EthernetHeader.size },
        next: { header in
            guard let type = header.u16(12) else { return nil }
            // Up to 1500 it is the length of an IEEE 802.3 frame (ETH_P_802_3_MIN in the kernel).
            return type < 0x600 ? NextHeader(.llc, length: Int(type)) : NextHeader(.etherType(type))
        },
        summary: { header, line in
            guard let destination = header.bits(.init(0, 48)), let source = header.bits(.init(48, 48)) else { return }
            line.append(MACAddress(bits: UInt64(truncatingIfNeeded: source)))
            line.append(" -> ")
            line.append(MACAddress(bits: UInt64(truncatingIfNeeded: destination)))
        })
}
