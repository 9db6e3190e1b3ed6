/// The headers of Linux's cooked captures, which stand for those of any device (LINKTYPE_LINUX_SLL and
/// LINKTYPE_LINUX_SLL2; packet(7)).
extension PacketProtocol {
    static let sll = PacketProtocol(
        "sll", "Linux cooked", [.link(113)], base: .link,
        fields: [
            ProtocolField("sll.pkttype", bit: 0, 16, names: ValueNames(packetType)),
            ProtocolField("sll.hatype", bit: 16, 16, .decimal, .more),
            ProtocolField("sll.halen", bit: 32, 16, .decimal, .all),
            ProtocolField("sll.addr", bit: 48, 48, .ethernet, when: .bits(32, 16, are: [6])),
            ProtocolField("sll.proto", bit: 112, 16, .hexadecimal, .most, names: .etherTypes),
        ],
        headerLength: { _ in 16 },
        next: { header in header.u16(14).map { NextHeader(.etherType($0)) } },
        summary: { header, line in appendType(header.u16(0), &line) })

    static let sll2 = PacketProtocol(
        "sll2", "Linux cooked 2", [.link(276)], base: .link,
        fields: [
            ProtocolField("sll2.proto", bit: 0, 16, .hexadecimal, .most, names: .etherTypes),
            ProtocolField("sll2.ifindex", bit: 32, 32),
            ProtocolField("sll2.hatype", bit: 64, 16, .decimal, .more),
            ProtocolField("sll2.pkttype", bit: 80, 8, names: ValueNames(packetType)),
            ProtocolField("sll2.halen", bit: 88, 8, .decimal, .all),
            ProtocolField("sll2.addr", bit: 96, 48, .ethernet, when: .bits(88, 8, are: [6])),
        ],
        headerLength: { _ in 20 },
        next: { header in header.u16(0).map { NextHeader(.etherType($0)) } },
        summary: { header, line in appendType(header.u8(10).map(UInt16.init), &line) })

    @Sendable private static func packetType(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "to us"
        case 1: "broadcast"
        case 2: "multicast"
        case 3: "to another host"
        case 4: "sent by us"
        default: nil
        }
    }

    private static func appendType(_ type: UInt16?, _ line: inout TextLine) {
        if let name = type.flatMap({ packetType(UInt64($0)) }) { line.append(name) }
    }
}
