/// IPv4 header (RFC 791). Fields that were not captured are nil or 0 if the header is marked as truncated.
public struct IPv4Header: Hashable, Sendable {
    public let source: IPv4Address
    public let destination: IPv4Address
    public let proto: UInt8
    public let ttl: UInt8
    /// DSCP and ECN.
    public let tos: UInt8
    /// The length field: bytes of header and payload; 0 in BIG TCP and before the kernel fills it in.
    public let totalLength: UInt16
    /// nil if the packet is not a fragment.
    public let fragment: Fragment?

    /// Size without options, in bytes.
    static let minimumSize = 20
}

/// Decodes an IPv4 header; `payload` becomes that of the transport header. Returns nil if the bytes are cut or are not
/// an IPv4 header.
func decodeIPv4(_ bytes: RawSpan, at offset: Int, payload: inout Payload) -> IPv4Header? {
    guard bytes.holds(IPv4Header.minimumSize, at: offset) else { return nil }
    // The constant size lets the compiler remove the bounds checks of the fields.
    let header = bytes.extracting(offset..<offset + IPv4Header.minimumSize)
    guard let version = header.u8(0), version >> 4 == 4, version & 0x0f >= 5,
        let tos = header.u8(1), let totalLength = header.u16(2),
        let id = header.u16(4), let flags = header.u16(6),
        let ttl = header.u8(8), let proto = header.u8(9),
        let source = header.u32(12), let destination = header.u32(16)
    else { return nil }
    let headerLength = Int(version & 0x0f) * 4
    let place = flags & 0x1fff
    let more = flags & 0x2000 != 0
    let fragment =
        place != 0 || more ? Fragment(id: UInt32(id), offset: place &<< 3, more: more) : nil
    payload.enter(
        offset: offset, headerLength: headerLength, totalLength: totalLength == 0 ? nil : Int(totalLength),
        proto: proto)
    return IPv4Header(
        source: IPv4Address(bits: source), destination: IPv4Address(bits: destination), proto: proto, ttl: ttl,
        tos: tos, totalLength: totalLength, fragment: fragment)
}

extension PacketProtocol {
    static let ipv4 = PacketProtocol(
        "ip", "IP", [.etherType(EtherType.ipv4), .ipProtocol(IPProtocol.ipip)], base: .network,
        fields: [
            ProtocolField("ip.v", bit: 0, 4, .decimal, .most),
            ProtocolField("ip.hl", bit: 4, 4, .decimal, .most),
            ProtocolField("ip.tos", bit: 8, 8, .hexadecimal, .most),
            ProtocolField("ip.tos.dscp", bit: 8, 6, .decimal, .all),
            ProtocolField("ip.tos.ecn", bit: 14, 2, .decimal, .all),
            ProtocolField("ip.len", bit: 16, 16, .decimal, .more),
            ProtocolField("ip.id", bit: 32, 16, .decimal, .more),
            ProtocolField("ip.frag", bit: 48, 16, .hexadecimal, .all),
            ProtocolField("ip.df", bit: 49, 1, .flag, .more),
            ProtocolField("ip.mf", bit: 50, 1, .flag, .more),
            ProtocolField("ip.off", bit: 51, 13, .decimal, .more),
            ProtocolField("ip.ttl", bit: 64, 8, .decimal, .most),
            ProtocolField("ip.p", bit: 72, 8, .decimal, .most, names: .ipProtocols),
            ProtocolField("ip.sum", bit: 80, 16, .hexadecimal, .all),
            ProtocolField("ip.src", bit: 96, 32, .ipv4),
            ProtocolField("ip.dst", bit: 128, 32, .ipv4),
            ProtocolField("ip.opts", .bytes, .more) { header in
                guard let size = header.u8(0) else { return .truncated }
                let length = Int(size & 0xf) * 4
                return length > IPv4Header.minimumSize ? header.run(IPv4Header.minimumSize..<length) : .absent
            },
        ],
        recognises: { header in header.u8(0).map { $0 >> 4 == 4 && $0 & 0xf >= 5 } ?? true },
        headerLength: { header in header.u8(0).map { Int($0 & 0xf) * 4 } },
        next: { header in
            guard let size = header.u8(0), let length = header.u16(2), let place = header.u16(6),
                let proto = header.u8(9)
            else { return nil }
            // Later fragments begin in the middle of a transport segment. BIG TCP leaves the length 0.
            let number: ProtocolNumber = place & 0x1fff == 0 ? .ipProtocol(proto) : .data
            return NextHeader(number, length: length == 0 ? nil : Int(length) - Int(size & 0xf) * 4)
        },
        summary: { header, line in
            guard let source = header.u32(12), let destination = header.u32(16) else { return }
            line.append(IPv4Address(bits: source))
            line.append(" -> ")
            line.append(IPv4Address(bits: destination))
        })
}
