/// The header of loopback devices of BSD (LINKTYPE_NULL, LINKTYPE_LOOP): an address family, in the byte order of the
/// machine that captured, or in that of the network.
extension PacketProtocol {
    static let loopback = PacketProtocol(
        "loop", "Loopback", [.link(0), .link(108)], base: .link,
        fields: [
            ProtocolField("loop.family") { header in family(header).map { .number(UInt128($0)) } ?? .truncated }
        ],
        headerLength: { _ in 4 },
        next: { header in
            switch family(header) {
            case 2: NextHeader(.etherType(EtherType.ipv4))
            // AF_INET6 of NetBSD and OpenBSD, FreeBSD, macOS.
            case 24, 28, 30: NextHeader(.etherType(EtherType.ipv6))
            default: nil
            }
        },
        summary: { header, line in
            guard let family = family(header) else { return }
            line.append("family ")
            line.appendDecimal(family)
        })

    /// Families are below 256: the order of the bytes shows.
    @Sendable private static func family(_ header: borrowing HeaderBytes) -> UInt32? {
        header.u32(0).map { $0 > 0xffff ? $0.byteSwapped : $0 }
    }
}
