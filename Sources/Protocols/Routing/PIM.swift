/// PIM, version 2 (RFC 7761).
extension PacketProtocol {
    private static let helloOptions = EntryList(.init(typeBits: 16, lengthBits: 16)) { header in
        guard let type = header.u8(0) else { return nil }
        return type & 0xf == 0 ? Range(from: 4, to: header.length) : 0..<0
    }

    static let pim = PacketProtocol(
        "pim", "PIM", [.ipProtocol(103)], base: .transport,
        fields: [
            ProtocolField("pim.ver", bit: 0, 4, .decimal, .more),
            ProtocolField("pim.type", bit: 4, 4, names: pimTypes),
            ProtocolField("pim.sum", bit: 16, 16, .hexadecimal, .all),
            .entry("pim.hello.holdtime", 1, of: helloOptions, .decimal, .more, size: 2),
            .entry("pim.hello.delay", 2, of: helloOptions, .decimal, .most, size: 2),
            .entry("pim.hello.override", 2, of: helloOptions, .decimal, .most, at: 2, size: 2),
            .entry("pim.hello.prio", 19, of: helloOptions, .decimal, .more, size: 4),
            .entry("pim.hello.genid", 20, of: helloOptions, .decimal, .most, size: 4),
            join("pim.upstream", .ipv4, 6, 4),
            join("pim.ngroups", .decimal, 11, 1),
            join("pim.holdtime", .decimal, 12, 2),
            join("pim.group", .ipv4, 18, 4),
            ProtocolField("pim.register.flags", bit: 32, 32, .hexadecimal, .more, when: .bits(0, 8, are: [0x21])),
        ],
        recognises: { header in header.u8(0).map { $0 >> 4 == 2 } ?? true },
        headerLength: { header in header.u8(0).map { $0 & 0xf == 1 ? 8 : max(4, header.length) } },
        next: { header in
            // A register message carries the packet of a source.
            guard header.u8(0).map({ $0 & 0xf == 1 }) == true, let first = header.u8(8) else { return nil }
            return NextHeader(.etherType(first >> 4 == 6 ? EtherType.ipv6 : EtherType.ipv4))
        },
        summary: { header, line in
            if let type = header.u8(0), let name = pimTypes[UInt64(type & 0xf)] { line.append(name) }
        })

    private static let pimTypes: ValueNames = [
        0: "hello", 1: "register", 2: "register stop", 3: "join/prune", 4: "bootstrap", 5: "assert", 6: "graft",
        7: "graft acknowledgement", 8: "candidate RP", 10: "DF election",
    ]

    /// A field of joins, prunes and grafts whose upstream neighbour has an address of IPv4.
    private static func join(
        _ name: String, _ notation: ProtocolField.Notation, _ offset: Int, _ size: Int
    ) -> ProtocolField {
        ProtocolField(name, notation, .more, when: .bits(0, 8, are: [0x23, 0x26, 0x27])) { header in
            guard let family = header.u16(4) else { return header.ending }
            return family == 0x0100 ? header.read(at: offset, count: size) : .absent
        }
    }
}
