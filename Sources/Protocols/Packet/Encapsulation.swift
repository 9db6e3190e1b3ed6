/// The kind of encapsulation of an inner packet.
public enum Encapsulation: Hashable, Sendable {
    /// IP directly in IP: IPIP, SIT, ip6_tunnel.
    case ip
    case gre(key: UInt32?)
    /// A mirrored frame after GRE, with its session (10 bits); nil for type I, which has none.
    case erspan(session: UInt16?)
    /// GTP-U of mobile networks, with the tunnel endpoint identifier.
    case gtp(teid: UInt32)
    /// VXLAN network identifier, 24 bits.
    case vxlan(vni: UInt32)
    /// Geneve network identifier, 24 bits.
    case geneve(vni: UInt32)
    /// Not a tunnel: an ICMP error quotes the beginning of the packet that caused it.
    case icmpError
}

/// The kind, offset and type of an encapsulated packet.
struct EncapsulatedPacket {
    var kind: Encapsulation
    var offset: Int
    /// `EtherType.transparentBridging` for an Ethernet frame.
    var etherType: UInt16
}

/// Recognises VXLAN (RFC 7348, and Linux's older default port 8472), Geneve (RFC 8926) and GTP-U by their UDP port and
/// by header fields that can be checked. Returns nil for other UDP payload.
func encapsulation(inUDP bytes: RawSpan, at offset: Int, destinationPort: UInt16) -> EncapsulatedPacket? {
    switch destinationPort {
    case 4789, 8472:
        // Without the I flag, or with flags other than that of group policies, another protocol uses the port.
        guard let flags = bytes.u8(offset), flags & 0x7f == 0x08, let vni = bytes.u32(offset + 4), vni & 0xff == 0
        else { return nil }
        return EncapsulatedPacket(
            kind: .vxlan(vni: vni >> 8), offset: offset + 8, etherType: EtherType.transparentBridging)
    case 6081:
        guard let first = bytes.u8(offset), first >> 6 == 0, let etherType = bytes.u16(offset + 2),
            holdsPacket(etherType), let vni = bytes.u32(offset + 4)
        else { return nil }
        return EncapsulatedPacket(
            kind: .geneve(vni: vni >> 8), offset: offset + 8 + Int(first & 0x3f) * 4, etherType: etherType)
    case 2152:
        return encapsulation(inGTP: bytes, at: offset)
    default:
        return nil
    }
}

/// Recognises a G-PDU of GTP version 1 (3GPP TS 29.281).
private func encapsulation(inGTP bytes: RawSpan, at offset: Int) -> EncapsulatedPacket? {
    guard let flags = bytes.u8(offset), flags & 0xf8 == 0x30, bytes.u8(offset + 1) == 255,
        let teid = bytes.u32(offset + 4)
    else { return nil }
    var end = offset + 8
    if flags & 7 != 0 {
        end += 4
        var next = flags & 4 != 0 ? bytes.u8(end - 1) : 0
        while let kind = next, kind != 0 {
            guard let units = bytes.u8(end), units > 0 else { return nil }
            end += Int(units) * 4
            next = bytes.u8(end - 1)
        }
        guard next != nil else { return nil }
    }
    guard let first = bytes.u8(end) else { return nil }
    let etherType = first >> 4 == 4 ? EtherType.ipv4 : EtherType.ipv6
    return EncapsulatedPacket(kind: .gtp(teid: teid), offset: end, etherType: etherType)
}

/// ERSPAN (include/net/erspan.h in the kernel): a header between GRE and the frame, which type I does not have.
func encapsulation(inERSPAN bytes: RawSpan, at offset: Int, _ gre: GREHeader) -> EncapsulatedPacket? {
    var length = 0
    var session: UInt16?
    if gre.etherType == EtherType.erspan3 {
        guard let options = bytes.u8(offset + 11) else { return nil }
        // The O bit: a platform-specific subheader follows.
        length = 12 + Int(options & 1) * 8
    } else if gre.sequence != nil {
        length = 8
    }
    if length > 0 { session = bytes.u16(offset + 2).map { $0 & 0x3ff } }
    return EncapsulatedPacket(
        kind: .erspan(session: session), offset: offset + length, etherType: EtherType.transparentBridging)
}

/// Geneve may carry any ethertype; with a type other than these, another protocol probably uses the port.
private func holdsPacket(_ etherType: UInt16) -> Bool {
    etherType == EtherType.transparentBridging || etherType == EtherType.ipv4 || etherType == EtherType.ipv6
}
