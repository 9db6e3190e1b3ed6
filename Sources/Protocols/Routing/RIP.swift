/// RIP, versions 1 (RFC 1058) and 2 (RFC 2453).
extension PacketProtocol {
    static let rip = PacketProtocol(
        "rip", "RIP", [.udpPort(520)], base: .walked,
        fields: [
            ProtocolField("rip.cmd", bit: 0, 8, names: [1: "request", 2: "response"]),
            ProtocolField("rip.ver", bit: 8, 8),
            ripEntry("rip.family", .decimal, 0, 2, .most, names: [0: "all", 2: "IP", 0xffff: "authentication"]),
            ripEntry("rip.tag", .decimal, 2, 2, .most),
            ripEntry("rip.addr", .ipv4, 4, 4, .brief),
            ripEntry("rip.mask", .ipv4, 8, 4, .more),
            ripEntry("rip.nexthop", .ipv4, 12, 4, .more),
            ripEntry("rip.metric", .decimal, 16, 4, .brief),
        ],
        recognises: { header in
            guard let head = header.u32(0) else { return false }
            return 1...2 ~= head >> 24 && 1...2 ~= head >> 16 & 0xff && head & 0xffff == 0 && header.length >= 24
                && (header.length - 4) % 20 == 0 && header.length <= 504
        },
        headerLength: { $0.length },
        summary: { header, line in line.append(header.u8(0) == 1 ? "request" : "response") })

    /// A part of each entry; an entry for authentication has only a family.
    private static func ripEntry(
        _ name: String, _ notation: ProtocolField.Notation, _ offset: Int, _ size: Int,
        _ detail: ProtocolField.Detail, names: ValueNames? = nil
    ) -> ProtocolField {
        ProtocolField(name, notation, detail, names: names) { header, values in
            for start in stride(from: 4, to: header.length - 19, by: 20) {
                guard let family = header.u16(start) else { return _ = values.append(header.ending) }
                if family == 0xffff, offset > 0 { continue }
                guard values.append(header.read(at: start + offset, count: size)) else { return }
            }
        }
    }
}
