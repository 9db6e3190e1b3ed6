/// ARP and RARP (RFC 826, RFC 903) for IPv4 over Ethernet; for other kinds of addresses the addresses are nil.
public struct ARPHeader: Hashable, Sendable {
    /// True for RARP (ethertype 0x8035).
    public let isReverse: Bool
    /// 1 request, 2 reply, 3 reverse request, 4 reverse reply, 8 and 9 inverse; nil if not captured.
    public var operation: UInt16?
    public var senderMAC: MACAddress?
    public var senderIP: IPv4Address?
    public var targetMAC: MACAddress?
    public var targetIP: IPv4Address?
}

func decodeARP(_ bytes: RawSpan, at offset: Int, isReverse: Bool, truncated: inout Bool) -> ARPHeader {
    var header = ARPHeader(isReverse: isReverse)
    guard let hardware = bytes.u16(offset), let network = bytes.u16(offset + 2),
        let sizes = bytes.u16(offset + 4), let operation = bytes.u16(offset + 6)
    else {
        truncated = true
        return header
    }
    header.operation = operation
    // Ethernet (or the kernel's IEEE 802 types) with six-byte addresses, and IPv4 with four-byte addresses.
    guard hardware == 1 || hardware == 6, network == EtherType.ipv4, sizes == 0x0604 else { return header }
    header.senderMAC = bytes.u48(offset + 8).map(MACAddress.init(bits:))
    header.senderIP = bytes.u32(offset + 14).map(IPv4Address.init(bits:))
    header.targetMAC = bytes.u48(offset + 18).map(MACAddress.init(bits:))
    header.targetIP = bytes.u32(offset + 24).map(IPv4Address.init(bits:))
    truncated = header.targetIP == nil
    return header
}

extension PacketProtocol {
    /// Ethernet (or the kernel's IEEE 802 types) with six-byte addresses, and IPv4 with four-byte addresses.
    private static let forIPv4 = ProtocolField.Condition.bits(
        0, 48, are: [0x0001_0800_0604, 0x0006_0800_0604])

    static let arp = PacketProtocol(
        "arp", "ARP", [.etherType(EtherType.arp), .etherType(EtherType.rarp)], base: .network,
        fields: [
            ProtocolField("arp.hrd", bit: 0, 16, .decimal, .most),
            ProtocolField("arp.pro", bit: 16, 16, .hexadecimal, .most, names: .etherTypes),
            ProtocolField("arp.hln", bit: 32, 8, .decimal, .all),
            ProtocolField("arp.pln", bit: 40, 8, .decimal, .all),
            ProtocolField("arp.op", bit: 48, 16, names: ValueNames(arpOperation)),
            ProtocolField("arp.sha", bit: 64, 48, .ethernet, when: forIPv4),
            ProtocolField("arp.spa", bit: 112, 32, .ipv4, when: forIPv4),
            ProtocolField("arp.tha", bit: 144, 48, .ethernet, when: forIPv4),
            ProtocolField("arp.tpa", bit: 192, 32, .ipv4, when: forIPv4),
        ],
        headerLength: { header in
            guard let sizes = header.u16(4) else { return nil }
            return 8 + 2 * (Int(sizes >> 8) + Int(sizes & 0xff))
        },
        summary: { header, line in
            guard let operation = header.u16(6) else { return }
            if let name = arpOperation(UInt64(operation)) { line.append(name) }
            guard header.bits(forIPv4.bits).map({ forIPv4.values.contains(UInt64($0)) }) == true,
                let sender = header.u32(14), let target = header.u32(24)
            else { return }
            line.append(" ")
            line.append(IPv4Address(bits: sender))
            line.append(" -> ")
            line.append(IPv4Address(bits: target))
        })

    private static func arpOperation(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "request"
        case 2: "reply"
        case 3: "reverse request"
        case 4: "reverse reply"
        case 8: "inverse request"
        case 9: "inverse reply"
        case 10: "nak"
        default: nil
        }
    }
}
