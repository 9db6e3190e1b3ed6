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
