/// The L3 and L4 headers of one packet.
public struct Headers: Sendable, Equatable {
    public enum Network: Sendable, Equatable {
        /// Not captured, malformed, or of a kind that is not decoded; `etherType` is the expected one.
        case none
        case ipv4(IPv4Header)
        case ipv6(IPv6Header)
        case arp(ARPHeader)
    }

    public enum Transport: Sendable, Equatable {
        /// Not captured, not decoded, or in an earlier fragment; `proto` is the expected protocol.
        case none
        case tcp(TCPHeader)
        case udp(UDPHeader)
        case sctp(SCTPHeader)
        case icmp(ICMPHeader)
        case igmp(IGMPHeader)
        case gre(GREHeader)
        case esp(IPsecHeader)
    }

    /// Ethertype of the L3 header, after all VLAN tags; 0 if unknown.
    public var etherType: UInt16
    public var network = Network.none
    public var transport = Transport.none
    /// IP protocol after extension headers; nil without an IP header.
    public var proto: UInt8?
    /// An authentication header before the transport header.
    public var authentication: IPsecHeader?
    /// Whether the captured bytes end before the headers do.
    public var isTruncated = false

    /// nil unless the packet is a fragment.
    public var fragment: Fragment? {
        switch network {
        case .ipv4(let header): header.fragment
        case .ipv6(let header): header.fragment
        case .arp, .none: nil
        }
    }
}

/// Decodes headers from the L3 header at `offset` on. Returns the encapsulated packet, if there is one.
/// `length`: bytes on the wire from `offset` to the end; nil if unknown.
func decodeHeaders(
    _ bytes: RawSpan, at offset: Int, etherType: UInt16, length: Int?, into headers: inout Headers
) -> EncapsulatedPacket? {
    headers = Headers(etherType: etherType)
    var payload = Payload(offset: offset, length: length, proto: 0)
    switch etherType {
    case EtherType.ipv4:
        guard let header = decodeIPv4(bytes, at: offset, payload: &payload) else {
            headers.isTruncated = isCut(bytes, at: offset, version: 4)
            return nil
        }
        headers.network = .ipv4(header)
        if payload.proto == IPProtocol.ah, header.fragment?.isLater != true, !payload.enterAuthentication(bytes) {
            headers.isTruncated = true
        }
    case EtherType.ipv6:
        guard let header = decodeIPv6(bytes, at: offset, payload: &payload, truncated: &headers.isTruncated) else {
            headers.isTruncated = isCut(bytes, at: offset, version: 6)
            return nil
        }
        headers.network = .ipv6(header)
    case EtherType.arp, EtherType.rarp:
        headers.network = .arp(
            decodeARP(
                bytes, at: offset, isReverse: etherType == EtherType.rarp, truncated: &headers.isTruncated))
        return nil
    default:
        return nil
    }
    headers.proto = payload.proto
    headers.authentication = payload.authentication
    guard !headers.isTruncated, headers.fragment?.isLater != true else { return nil }
    return decodeTransport(bytes, payload, into: &headers)
}

/// Whether the bytes end too early, as opposed to bytes that are no IP header.
private func isCut(_ bytes: RawSpan, at offset: Int, version: UInt8) -> Bool {
    guard let first = bytes.u8(offset) else { return true }
    return first >> 4 == version && (version == 6 || first & 0x0f >= 5)
}

private func decodeTransport(
    _ bytes: RawSpan, _ payload: Payload, into headers: inout Headers
) -> EncapsulatedPacket? {
    // Remains true if a decoder returns no header at all.
    headers.isTruncated = true
    switch payload.proto {
    case IPProtocol.tcp:
        guard let tcp = decodeTCP(bytes, payload, truncated: &headers.isTruncated) else { return nil }
        headers.transport = .tcp(tcp)
    case IPProtocol.udp, IPProtocol.udpLite:
        guard let udp = decodeUDP(bytes, payload, truncated: &headers.isTruncated) else { return nil }
        headers.transport = .udp(udp)
        return encapsulation(
            inUDP: bytes, at: payload.offset + UDPHeader.size, destinationPort: udp.ports.destination)
    case IPProtocol.icmp, IPProtocol.icmpv6:
        guard
            let icmp = decodeICMP(
                bytes, at: payload.offset, isV6: payload.proto == IPProtocol.icmpv6,
                truncated: &headers.isTruncated)
        else { return nil }
        headers.transport = .icmp(icmp)
        return !icmp.quotesOriginal || headers.isTruncated
            ? nil
            : EncapsulatedPacket(
                kind: .icmpError, offset: payload.offset + ICMPHeader.errorHeaderSize,
                etherType: icmp.isV6 ? EtherType.ipv6 : EtherType.ipv4)
    case IPProtocol.sctp:
        guard let sctp = decodeSCTP(bytes, at: payload.offset, truncated: &headers.isTruncated) else { return nil }
        headers.transport = .sctp(sctp)
    case IPProtocol.igmp:
        guard let igmp = decodeIGMP(bytes, at: payload.offset, truncated: &headers.isTruncated) else { return nil }
        headers.transport = .igmp(igmp)
    case IPProtocol.gre:
        var end = 0
        guard let gre = decodeGRE(bytes, at: payload.offset, end: &end, truncated: &headers.isTruncated) else {
            return nil
        }
        headers.transport = .gre(gre)
        if headers.isTruncated { return nil }
        return gre.etherType == EtherType.erspan2 || gre.etherType == EtherType.erspan3
            ? encapsulation(inERSPAN: bytes, at: end, gre)
            : EncapsulatedPacket(kind: .gre(key: gre.key), offset: end, etherType: gre.etherType)
    case IPProtocol.esp:
        guard let esp = IPsecHeader(bytes, spiAt: payload.offset) else { return nil }
        headers.transport = .esp(esp)
        headers.isTruncated = esp.sequence == nil
    case IPProtocol.ipip, IPProtocol.ipv6:
        headers.isTruncated = false
        return EncapsulatedPacket(
            kind: .ip, offset: payload.offset,
            etherType: payload.proto == IPProtocol.ipv6 ? EtherType.ipv6 : EtherType.ipv4)
    default:
        headers.isTruncated = false
    }
    return nil
}
