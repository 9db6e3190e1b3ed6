/// How an inner packet is held by the outer one.
public enum Encapsulation: Hashable, Sendable {
    /// IP directly in IP: IPIP, SIT, ip6_tunnel.
    case ip
    case gre(key: UInt32?)
    /// Network identifier, 24 bits.
    case vxlan(vni: UInt32)
    /// Network identifier, 24 bits.
    case geneve(vni: UInt32)
    /// Not a tunnel: an ICMP error quotes the start of the packet that it is about.
    case icmpError
}

/// Where an encapsulated packet was found.
struct EncapsulatedPacket {
    var kind: Encapsulation
    var offset: Int
    /// `EtherType.transparentBridging`: an Ethernet frame.
    var etherType: UInt16
}

/// VXLAN (RFC 7348, and Linux's older default port 8472) and Geneve (RFC 8926) are known by their UDP port, and by what
/// little of their headers can be checked. nil for other UDP payload.
func encapsulation(inUDP bytes: RawSpan, at offset: Int, destinationPort: UInt16) -> EncapsulatedPacket? {
    switch destinationPort {
    case 4789, 8472:
        // Without the I flag there is no valid network identifier: something else uses the port.
        guard let flags = bytes.u8(offset), flags & 0x08 != 0, let vni = bytes.u32(offset + 4) else { return nil }
        return EncapsulatedPacket(
            kind: .vxlan(vni: vni >> 8), offset: offset + 8, etherType: EtherType.transparentBridging)
    case 6081:
        guard let first = bytes.u8(offset), first >> 6 == 0, let etherType = bytes.u16(offset + 2),
            holdsPacket(etherType), let vni = bytes.u32(offset + 4)
        else { return nil }
        return EncapsulatedPacket(
            kind: .geneve(vni: vni >> 8), offset: offset + 8 + Int(first & 0x3f) * 4, etherType: etherType)
    default:
        return nil
    }
}

/// Geneve may carry anything that has an ethertype; without one of these, something else uses the port.
private func holdsPacket(_ etherType: UInt16) -> Bool {
    etherType == EtherType.transparentBridging || etherType == EtherType.ipv4 || etherType == EtherType.ipv6
}
