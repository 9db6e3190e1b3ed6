/// OSPF for IPv4 (RFC 2328) and IPv6 (RFC 5340).
extension PacketProtocol {
    private static func type(_ version: UInt64, _ type: UInt64) -> ProtocolField.Condition {
        .bits(0, 16, are: [version << 8 | type])
    }

    static let ospf = PacketProtocol(
        "ospf", "OSPF", [.ipProtocol(89)], base: .transport,
        fields: [
            ProtocolField("ospf.ver", bit: 0, 8, .decimal, .more),
            ProtocolField("ospf.type", bit: 8, 8, names: ospfTypes),
            ProtocolField("ospf.len", bit: 16, 16, .decimal, .more),
            ProtocolField("ospf.router", bit: 32, 32, .ipv4),
            ProtocolField("ospf.area", bit: 64, 32, .ipv4),
            ProtocolField("ospf.sum", bit: 96, 16, .hexadecimal, .all),
            ProtocolField(
                "ospf.auth", bit: 112, 16, .decimal, .more, when: .bits(0, 8, are: [2]),
                names: [0: "none", 1: "password", 2: "cryptographic"]),
            ProtocolField("ospf.instance", bit: 112, 8, .decimal, .more, when: .bits(0, 8, are: [3])),
            ProtocolField("ospf.hello.mask", bit: 192, 32, .ipv4, .more, when: type(2, 1)),
            hello("ospf.hello.interval", v2: 28, v3: 24, size: 2),
            hello("ospf.hello.prio", v2: 31, v3: 20, size: 1),
            hello("ospf.hello.dead", v2: 32, v3: 26, size: 0),
            hello("ospf.hello.dr", .ipv4, v2: 36, v3: 28, size: 4),
            hello("ospf.hello.bdr", .ipv4, v2: 40, v3: 32, size: 4),
            ProtocolField("ospf.hello.neighbor", .ipv4, .more, when: .bits(8, 8, are: [1])) { header, values in
                guard let version = header.u8(0), let length = header.u16(2) else {
                    return _ = values.append(.truncated)
                }
                let start = version == 2 ? 44 : 36
                for offset in stride(from: start, to: min(Int(length), header.length) - 3, by: 4) {
                    guard values.append(header.read(at: offset, count: 4)) else { return }
                }
            },
            ProtocolField("ospf.db.mtu", bit: 192, 16, .decimal, .more, when: type(2, 2)),
            ProtocolField("ospf.db.flags", bit: 216, 8, .hexadecimal, .more, when: type(2, 2)),
            ProtocolField("ospf.db.seq", bit: 224, 32, .decimal, .more, when: type(2, 2)),
            ProtocolField("ospf.nlsa", .decimal, .more, when: .bits(8, 8, are: [4])) { header in
                guard let version = header.u8(0) else { return .truncated }
                return header.read(at: version == 2 ? 24 : 16, count: 4)
            },
            lsa("ospf.lsa.type", .decimal, names: lsaTypes) { $0 == 2 ? (3, 1) : (2, 2) },
            lsa("ospf.lsa.id", .ipv4) { _ in (4, 4) },
            lsa("ospf.lsa.router", .ipv4) { _ in (8, 4) },
            lsa("ospf.lsa.seq", .hexadecimal) { _ in (12, 4) },
        ],
        recognises: { header in header.u16(0).map { ($0 >> 8 == 2 || $0 >> 8 == 3) && 1...5 ~= $0 & 0xff } ?? true },
        headerLength: { header in
            guard let version = header.u8(0), let length = header.u16(2) else { return nil }
            return min(max(Int(length), version == 2 ? 24 : 16), max(header.length, 16))
        },
        summary: { header, line in
            if let type = header.u8(1), let name = ospfTypes[UInt64(type)] { line.append(name) }
        })

    private static let ospfTypes: ValueNames = [
        1: "hello", 2: "database description", 3: "link state request", 4: "link state update",
        5: "link state acknowledgement",
    ]

    private static let lsaTypes: ValueNames = [
        1: "router", 2: "network", 3: "summary", 4: "ASBR summary", 5: "external", 7: "NSSA", 0x2001: "router",
        0x2002: "network", 0x2003: "inter-area prefix", 0x2004: "inter-area router", 0x4005: "external",
        0x2007: "NSSA", 0x0008: "link", 0x2009: "intra-area prefix",
    ]

    /// A field of a hello. The dead interval has four bytes in version 2 and two in version 3.
    private static func hello(
        _ name: String, _ notation: ProtocolField.Notation = .decimal, v2: Int, v3: Int, size: Int
    ) -> ProtocolField {
        ProtocolField(name, notation, .more, when: .bits(8, 8, are: [1])) { header in
            guard let version = header.u8(0) else { return .truncated }
            if version == 2 { return header.read(at: v2, count: size == 0 ? 4 : size) }
            return header.read(at: v3, count: size == 0 ? 2 : size)
        }
    }

    /// A part of the header of each announcement: all of a description and an acknowledgement, those of an update.
    private static func lsa(
        _ name: String, _ notation: ProtocolField.Notation, names: ValueNames? = nil,
        _ place: @escaping @Sendable (UInt8) -> (offset: Int, size: Int)
    ) -> ProtocolField {
        ProtocolField(name, notation, .more, when: .bits(8, 8, are: [2, 4, 5]), names: names) { header, values in
            guard let version = header.u8(0), let type = header.u8(1), let length = header.u16(2) else {
                return _ = values.append(.truncated)
            }
            let fixed = type == 2 ? (version == 2 ? 8 : 12) : type == 4 ? 4 : 0
            var offset = (version == 2 ? 24 : 16) + fixed
            let end = min(Int(length), header.length)
            while offset + 20 <= end {
                let part = place(version)
                guard values.append(header.read(at: offset + part.offset, count: part.size)) else { return }
                guard type == 4 else {
                    offset += 20
                    continue
                }
                guard let size = header.u16(offset + 18) else { return _ = values.append(header.ending) }
                guard size >= 20 else { return _ = values.append(.malformed) }
                offset += Int(size)
            }
        }
    }
}
