/// CDP: how devices of Cisco announce themselves to their neighbours.
extension PacketProtocol {
    private static let cdpList = EntryList(.init(typeBits: 16, lengthBits: 16, countsHead: true)) {
        Range(from: 4, to: $0.length)
    }

    static let cdp = PacketProtocol(
        "cdp", "CDP", [.organization(0x00000c, 0x2000)], base: .walked,
        fields: [
            ProtocolField("cdp.ver", bit: 0, 8, .decimal, .more),
            ProtocolField("cdp.ttl", bit: 8, 8, .decimal, .more),
            ProtocolField("cdp.sum", bit: 16, 16, .hexadecimal, .all),
            .entry("cdp.device", 1, of: cdpList, .text, .brief),
            .entry("cdp.naddr", 2, of: cdpList, .decimal, .most, size: 4),
            .entry("cdp.addr", 2, of: cdpList, .derived(appendFirstAddress), .more),
            .entry("cdp.port", 3, of: cdpList, .text, .brief),
            .entry("cdp.caps", 4, of: cdpList, .hexadecimal, .more, size: 4),
            .entry("cdp.software", 5, of: cdpList, .text, .most),
            .entry("cdp.platform", 6, of: cdpList, .text, .more),
            .entry("cdp.vtpdomain", 9, of: cdpList, .text, .more),
            .entry("cdp.vlan", 10, of: cdpList, .decimal, .more, size: 2),
            .entry("cdp.duplex", 11, of: cdpList, .decimal, .more, size: 1, names: [0: "half", 1: "full"]),
        ],
        recognises: { header in header.u8(0).map { (1...2).contains($0) } ?? true },
        headerLength: { $0.length },
        summary: { header, line in
            _ = cdpList.walk(header) { type, contents in
                if type == 1 { line.append(textOf: contents, as: .text, of: header) }
                return type != 1
            }
        })

    /// After the number of addresses: the type and length of a protocol, the length of an address and the address.
    @Sendable private static func appendFirstAddress(
        _ range: Range<Int>, _ header: borrowing HeaderBytes, _ line: inout TextLine
    ) {
        guard let length = header.u8(range.lowerBound + 5) else { return }
        let size = range.lowerBound + 6 + Int(length)
        guard let count = header.u16(size), size + 2 + Int(count) <= range.upperBound else { return }
        line.append(addressIn: size + 2..<size + 2 + Int(count), of: header)
    }
}
