/// IPv6 header (RFC 8200), including the results of its extension headers.
public struct IPv6Header: Hashable, Sendable {
    public let source: IPv6Address
    public let destination: IPv6Address
    /// The protocol after all extension headers.
    public var proto: UInt8
    public let hopLimit: UInt8
    public let trafficClass: UInt8
    public let flowLabel: UInt32
    /// The length field: bytes after the fixed header; 0 for a jumbogram.
    public let payloadLength: UInt16
    /// nil if the packet is not a fragment.
    public var fragment: Fragment?

    static let size = 40
}

/// Decodes an IPv6 header and its extension headers. Returns nil if the fixed header is cut or is not an IPv6 header.
func decodeIPv6(_ bytes: RawSpan, at offset: Int, payload: inout Payload, truncated: inout Bool) -> IPv6Header? {
    guard let first = bytes.u32(offset), first >> 28 == 6,
        let payloadLength = bytes.u16(offset + 4), let next = bytes.u8(offset + 6),
        let hopLimit = bytes.u8(offset + 7), let source = IPv6Address(bytes, at: offset + 8),
        let destination = IPv6Address(bytes, at: offset + 24)
    else { return nil }
    var header = IPv6Header(
        source: source, destination: destination, proto: next, hopLimit: hopLimit,
        trafficClass: UInt8(truncatingIfNeeded: first >> 20), flowLabel: first & 0xfffff,
        payloadLength: payloadLength)
    payload.enter(
        offset: offset, headerLength: IPv6Header.size,
        totalLength: payloadLength == 0 ? nil : IPv6Header.size + Int(payloadLength), proto: next)
    truncated = !walkExtensions(bytes, &header, &payload)
    return header
}

/// Returns false if the bytes end inside an extension header.
private func walkExtensions(_ bytes: RawSpan, _ header: inout IPv6Header, _ payload: inout Payload) -> Bool {
    while header.fragment?.isLater != true {
        let length: Int
        switch payload.proto {
        case IPProtocol.hopByHop, IPProtocol.routing, IPProtocol.destinationOptions, IPProtocol.mobility,
            IPProtocol.hostIdentity, IPProtocol.shim6:
            guard let units = bytes.u8(payload.offset + 1) else { return false }
            length = (Int(units) + 1) * 8
        case IPProtocol.fragment:
            guard let place = bytes.u16(payload.offset + 2), let id = bytes.u32(payload.offset + 4) else {
                return false
            }
            // An atomic fragment (offset 0, no further fragments; RFC 6946) is a whole packet.
            if place & 0xfff9 != 0 {
                header.fragment = Fragment(id: id, offset: place & 0xfff8, more: place & 1 != 0)
            }
            length = 8
        case IPProtocol.ah:
            guard payload.enterAuthentication(bytes) else { return false }
            header.proto = payload.proto
            continue
        default:
            return true
        }
        guard let next = bytes.u8(payload.offset) else { return false }
        payload.enter(offset: payload.offset, headerLength: length, totalLength: nil, proto: next)
        header.proto = next
    }
    return true
}
