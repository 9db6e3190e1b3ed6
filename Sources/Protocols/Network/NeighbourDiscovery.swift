// The messages of ICMPv6 that find neighbours, routers and listeners (RFC 4861, RFC 8106, RFC 2710, RFC 3810).
extension PacketProtocol {
    private static let isAdvertisement = ProtocolField.Condition.bits(0, 8, are: [134])
    private static let isNeighbour = ProtocolField.Condition.bits(0, 8, are: [136])

    /// The options after the fixed part of a message, which its type decides.
    private static let discoveryOptions = EntryList(.init(unit: 8, countsHead: true)) { header in
        guard let type = header.u8(0) else { return nil }
        return switch type {
        case 133: Range(from: 8, to: header.length)
        case 134: Range(from: 16, to: header.length)
        case 135, 136: Range(from: 24, to: header.length)
        case 137: Range(from: 40, to: header.length)
        default: 0..<0
        }
    }

    static let discoveryFields: [ProtocolField] = [
        ProtocolField("icmp6.hlim", bit: 32, 8, .decimal, .more, when: isAdvertisement),
        ProtocolField("icmp6.managed", bit: 40, 1, .flag, .more, when: isAdvertisement),
        ProtocolField("icmp6.other", bit: 41, 1, .flag, .more, when: isAdvertisement),
        ProtocolField(
            "icmp6.prf", bit: 43, 2, .decimal, .most, when: isAdvertisement, names: [0: "medium", 1: "high", 3: "low"]),
        // Seconds, and milliseconds.
        ProtocolField("icmp6.lifetime", bit: 48, 16, .decimal, .more, when: isAdvertisement),
        ProtocolField("icmp6.reachable", bit: 64, 32, .decimal, .most, when: isAdvertisement),
        ProtocolField("icmp6.retrans", bit: 96, 32, .decimal, .most, when: isAdvertisement),
        ProtocolField("icmp6.router", bit: 32, 1, .flag, .more, when: isNeighbour),
        ProtocolField("icmp6.solicited", bit: 33, 1, .flag, .more, when: isNeighbour),
        ProtocolField("icmp6.override", bit: 34, 1, .flag, .more, when: isNeighbour),
        ProtocolField("icmp6.dst", bit: 192, 128, .ipv6, .brief, when: .bits(0, 8, are: [137])),
        .types(
            "icmp6.opt", of: discoveryOptions, .most,
            names: [
                1: "source address", 2: "target address", 3: "prefix", 4: "redirected packet", 5: "MTU", 14: "nonce",
                24: "route", 25: "DNS servers", 31: "DNS domains",
            ]),
        .entry("icmp6.opt.source", 1, of: discoveryOptions, .ethernet, .more, size: 6),
        .entry("icmp6.opt.target", 2, of: discoveryOptions, .ethernet, .more, size: 6),
        .entry("icmp6.opt.prefix", 3, of: discoveryOptions, .ipv6, .more, at: 14, size: 16, isList: true),
        .entry("icmp6.opt.prefixlen", 3, of: discoveryOptions, .decimal, .more, size: 1, isList: true),
        .entry("icmp6.opt.prefixflags", 3, of: discoveryOptions, .hexadecimal, .most, at: 1, size: 1, isList: true),
        .entry("icmp6.opt.valid", 3, of: discoveryOptions, .decimal, .most, at: 2, size: 4, isList: true),
        .entry("icmp6.opt.preferred", 3, of: discoveryOptions, .decimal, .most, at: 6, size: 4, isList: true),
        .entry("icmp6.opt.mtu", 5, of: discoveryOptions, .decimal, .more, at: 2, size: 4),
        .entry("icmp6.opt.nonce", 14, of: discoveryOptions, .bytes, .most),
        .entry("icmp6.opt.dns", 25, of: discoveryOptions, .ipv6, .more, at: 6, size: 16, every: 16),
        .entry("icmp6.opt.domain", 31, of: discoveryOptions, .domainName, .more, at: 6),
    ]

    private static let isQuery = ProtocolField.Condition.bits(0, 8, are: [130])
    private static let isReport = ProtocolField.Condition.bits(0, 8, are: [143])

    static let listenerFields: [ProtocolField] = [
        // Milliseconds.
        ProtocolField("icmp6.maxresp", bit: 32, 16, .decimal, .more, when: isQuery),
        ProtocolField("icmp6.nsrc", .decimal, .more, when: isQuery) { header in
            // A query of version 1 ends after the group.
            header.length >= 28 ? header.read(at: 26, count: 2) : .absent
        },
        ProtocolField("icmp6.qsrc", .ipv6, .more, when: isQuery) { header, values in
            guard header.length >= 28 else { return }
            guard let count = header.u16(26) else { return _ = values.append(header.ending) }
            for index in 0..<Int(count) {
                guard values.append(header.read(at: 28 + 16 * index, count: 16)) else { return }
            }
        },
        ProtocolField("icmp6.ngroups", bit: 48, 16, .decimal, .more, when: isReport),
        ProtocolField("icmp6.rec.type", .decimal, .brief, when: isReport, names: recordTypes) { header, values in
            values.append(groupRecords: header, addressSize: 16) { $0.read(at: $1, count: 1) }
        },
        ProtocolField("icmp6.rec.group", .ipv6, .brief, when: isReport) { header, values in
            values.append(groupRecords: header, addressSize: 16) { $0.read(at: $1 + 4, count: 16) }
        },
    ]
}
