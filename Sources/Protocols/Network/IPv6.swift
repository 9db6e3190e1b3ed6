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
    guard ExtensionHeaderSet.all.contains(header.proto) else { return true }
    var walk = ExtensionHeaderWalk(from: payload.offset, header.proto)
    let isComplete = walk.walk(bytes, over: .all) { found in
        switch found.number {
        case IPProtocol.fragment:
            guard let place = bytes.u16(found.offset + 2), let id = bytes.u32(found.offset + 4) else { return .cut }
            // An atomic fragment (offset 0, no further fragments; RFC 6946) is a whole packet.
            if place & 0xfff9 != 0 {
                header.fragment = Fragment(id: id, offset: place & 0xfff8, more: place & 1 != 0)
            }
        case IPProtocol.ah:
            guard let authentication = IPsecHeader(bytes, spiAt: found.offset + 4) else { return .cut }
            payload.authentication = authentication
        default: break
        }
        return header.fragment?.isLater == true ? .last : .more
    }
    payload.enter(
        offset: payload.offset, headerLength: walk.offset - payload.offset, totalLength: nil, proto: walk.next)
    header.proto = walk.next
    return isComplete
}

extension PacketProtocol {
    static let ipv6 = PacketProtocol(
        "ip6", "IPv6", [.etherType(EtherType.ipv6), .ipProtocol(IPProtocol.ipv6)], base: .network,
        fields: [
            ProtocolField("ip6.v", bit: 0, 4, .decimal, .most),
            ProtocolField("ip6.tclass", bit: 4, 8, .hexadecimal, .most),
            ProtocolField("ip6.tclass.dscp", bit: 4, 6, .decimal, .all),
            ProtocolField("ip6.tclass.ecn", bit: 10, 2, .decimal, .all),
            ProtocolField("ip6.flow", bit: 12, 20, .hexadecimal, .more),
            ProtocolField("ip6.plen", bit: 32, 16, .decimal, .more),
            ProtocolField("ip6.nxt", bit: 48, 8, .decimal, .most, names: .ipProtocols),
            ProtocolField("ip6.hlim", bit: 56, 8, .decimal, .most),
            ProtocolField("ip6.src", bit: 64, 128, .ipv6),
            ProtocolField("ip6.dst", bit: 192, 128, .ipv6),
        ],
        recognises: { header in header.u8(0).map { $0 >> 4 == 6 } ?? true },
        headerLength: { _ in IPv6Header.size },
        next: { header in
            guard let length = header.u16(4), let next = header.u8(6) else { return nil }
            // 0 is the length of a jumbogram.
            return NextHeader(.extensionHeader(next), .ipProtocol(next), length: length == 0 ? nil : Int(length))
        },
        summary: { header, line in
            guard let source = header.bits(.init(64, 128)), let destination = header.bits(.init(192, 128)) else {
                return
            }
            line.append(IPv6Address(bits: source))
            line.append(" -> ")
            line.append(IPv6Address(bits: destination))
        })
}
