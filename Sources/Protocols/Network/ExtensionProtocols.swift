// The extension headers of IPv6 as protocols. Most have the same form: the next header, a length, and contents.
extension PacketProtocol {
    static let hopByHop = options(
        "ip6.hbh", "hop-by-hop", IPProtocol.hopByHop,
        [
            .types("ip6.hbh.opt", of: ipv6Options, .more, names: optionNames),
            .entry("ip6.hbh.alert", 5, of: ipv6Options, .decimal, .more, size: 2, names: [0: "MLD", 1: "RSVP"]),
            .entry("ip6.hbh.jumbo", 194, of: ipv6Options, .decimal, .more, size: 4),
        ])
    static let destinationOptions = options(
        "ip6.dstopts", "destination-options", IPProtocol.destinationOptions,
        [
            .types("ip6.dstopts.opt", of: ipv6Options, .more, names: optionNames),
            .entry("ip6.dstopts.limit", 4, of: ipv6Options, .decimal, .more, size: 1),
            .entry("ip6.dstopts.home", 201, of: ipv6Options, .ipv6, .more, size: 16),
        ])
    static let hostIdentity = options("ip6.hip", "HIP", IPProtocol.hostIdentity)
    static let shim6 = options("ip6.shim6", "Shim6", IPProtocol.shim6)

    /// RFC 8200, section 4.2. Padding of one byte has no length.
    private static let ipv6Options = EntryList(.init(padding: 0)) { header in
        header.u8(1).map { 2..<8 + 8 * Int($0) }
    }

    private static let optionNames: ValueNames = [
        1: "padding", 4: "tunnel limit", 5: "router alert", 7: "CALIPSO", 49: "IOAM", 99: "RPL", 109: "MPL",
        194: "jumbo", 201: "home address",
    ]

    /// RFC 8200, section 4.4; RFC 8754, section 2.
    static let routing = extensionHeader(
        "ip6.rthdr", "routing", IPProtocol.routing,
        [
            ProtocolField(
                "ip6.rthdr.type", bit: 16, 8, .decimal, .more,
                names: [0: "source route", 2: "mobile IPv6", 3: "RPL", 4: "segment routing"]),
            ProtocolField("ip6.rthdr.segleft", bit: 24, 8, .decimal, .more),
            ProtocolField("ip6.rthdr.last", bit: 32, 8, .decimal, .more, when: .bits(16, 8, are: [4])),
            ProtocolField("ip6.rthdr.flags", bit: 40, 8, .hexadecimal, .most, when: .bits(16, 8, are: [4])),
            ProtocolField("ip6.rthdr.tag", bit: 48, 16, .decimal, .most, when: .bits(16, 8, are: [4])),
            ProtocolField("ip6.rthdr.addr", .ipv6, .more, when: .bits(16, 8, are: [0, 2, 4])) { header, values in
                guard let units = header.u8(1), let type = header.u8(2) else { return _ = values.append(header.ending) }
                // Options may follow the last segment of segment routing.
                var count = Int(units) / 2
                if type == 4 {
                    guard let last = header.u8(4) else { return _ = values.append(header.ending) }
                    count = min(count, Int(last) + 1)
                }
                for index in 0..<count {
                    guard values.append(header.read(at: 8 + 16 * index, count: 16)) else { return }
                }
            },
        ])

    /// RFC 6275, section 6.1.
    static let mobility = extensionHeader(
        "ip6.mh", "Mobility", IPProtocol.mobility,
        [
            ProtocolField(
                "ip6.mh.type", bit: 16, 8,
                names: [
                    0: "refresh request", 1: "home test init", 2: "care-of test init", 3: "home test",
                    4: "care-of test", 5: "binding update", 6: "binding acknowledgement", 7: "binding error",
                ]),
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

    private static func options(
        _ name: String, _ title: StaticString, _ number: UInt8, _ fields: [ProtocolField] = []
    ) -> PacketProtocol {
        extensionHeader(
            name, title, number,
            [
                ProtocolField(name + ".opts", .bytes, .more) { header in
                    guard let field = header.u8(1) else { return .truncated }
                    return header.run(2..<ExtensionHeader.length(number, field: field))
                }
            ] + fields)
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
