// The extension headers of IPv6 as protocols. Most have the same form: the next header, a length, and contents.
extension PacketProtocol {
    static let hopByHop = options("ip6.hbh", "hop-by-hop", IPProtocol.hopByHop)
    static let destinationOptions = options("ip6.dstopts", "destination-options", IPProtocol.destinationOptions)
    static let hostIdentity = options("ip6.hip", "HIP", IPProtocol.hostIdentity)
    static let shim6 = options("ip6.shim6", "Shim6", IPProtocol.shim6)

    /// RFC 8200, section 4.4.
    static let routing = extensionHeader(
        "ip6.rthdr", "routing", IPProtocol.routing,
        [
            ProtocolField("ip6.rthdr.type", bit: 16, 8, .decimal, .more),
            ProtocolField("ip6.rthdr.segleft", bit: 24, 8, .decimal, .more),
        ])

    /// RFC 6275, section 6.1.
    static let mobility = extensionHeader(
        "ip6.mh", "Mobility", IPProtocol.mobility,
        [
            ProtocolField("ip6.mh.type", bit: 16, 8),
            ProtocolField("ip6.mh.sum", bit: 32, 16, .hexadecimal, .all),
        ])

    /// RFC 8200, section 4.5.
    static let fragment = extensionHeader(
        "ip6.frag", "fragment", IPProtocol.fragment,
        [
            ProtocolField("ip6.frag.off", bit: 16, 13),
            ProtocolField("ip6.frag.m", bit: 31, 1, .flag),
            ProtocolField("ip6.frag.id", bit: 32, 32, .decimal, .more),
        ],
        isReadableAfter: { header in header.u16(2).map { $0 & 0xfff8 == 0 } ?? false })

    private static func options(_ name: String, _ title: StaticString, _ number: UInt8) -> PacketProtocol {
        extensionHeader(
            name, title, number,
            [
                ProtocolField(name + ".opts", .bytes, .more) { header in
                    guard let field = header.u8(1) else { return .truncated }
                    return header.run(2..<ExtensionHeader.length(number, field: field))
                }
            ])
    }

    /// - Parameter isReadableAfter: false if data follows instead of the next header.
    private static func extensionHeader(
        _ name: String, _ title: StaticString, _ number: UInt8, _ fields: [ProtocolField],
        isReadableAfter: @escaping @Sendable (borrowing HeaderBytes) -> Bool = { _ in true }
    ) -> PacketProtocol {
        PacketProtocol(
            name, title, [.extensionHeader(number)], base: .walked,
            fields: [
                ProtocolField(name + ".nxt", bit: 0, 8, .decimal, .most, names: .ipProtocols),
                ProtocolField(name + ".len", bit: 8, 8, .decimal, .all),
            ] + fields,
            headerLength: { header in header.u8(1).map { ExtensionHeader.length(number, field: $0) } },
            next: { header in
                guard isReadableAfter(header), let next = header.u8(0) else { return nil }
                return NextHeader(.extensionHeader(next), .ipProtocol(next))
            })
    }
}
