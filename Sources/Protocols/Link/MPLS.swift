/// An MPLS label (RFC 3032). The last one of a stack does not say what follows: its first four bits do, as in the
/// kernel's mpls_forward().
extension PacketProtocol {
    static let mpls = PacketProtocol(
        "mpls", "MPLS",
        [.etherType(EtherType.mpls), .etherType(EtherType.mplsMulticast), .ipProtocol(IPProtocol.mpls)], base: .walked,
        fields: [
            ProtocolField("mpls.label", bit: 0, 20),
            ProtocolField("mpls.tc", bit: 20, 3, .decimal, .more),
            ProtocolField("mpls.bottom", bit: 23, 1, .flag, .more),
            ProtocolField("mpls.ttl", bit: 24, 8, .decimal, .most),
        ],
        headerLength: { _ in 4 },
        next: { header in
            guard let label = header.u32(0) else { return nil }
            guard label & 0x100 != 0 else { return NextHeader(.etherType(EtherType.mpls)) }
            return switch header.u8(4).map({ $0 >> 4 }) {
            case 4: NextHeader(.etherType(EtherType.ipv4))
            case 6: NextHeader(.etherType(EtherType.ipv6))
            default: nil
            }
        },
        summary: { header, line in
            guard let label = header.u32(0) else { return }
            line.append("label ")
            line.appendDecimal(label >> 12)
        })
}
