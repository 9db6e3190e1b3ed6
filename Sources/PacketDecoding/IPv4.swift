/// IPv4 header (RFC 791). Fields that were not captured are nil or 0 where the header is marked truncated.
public struct IPv4Header: Hashable, Sendable {
    public let source: IPv4Address
    public let destination: IPv4Address
    public let proto: UInt8
    public let ttl: UInt8
    /// DSCP and ECN.
    public let tos: UInt8
    /// The length field: header and payload in bytes; 0 in BIG TCP and before the kernel fills it in.
    public let totalLength: UInt16
    /// nil unless this is a fragment.
    public let fragment: Fragment?
}

/// Decodes an IPv4 header. `payload` becomes where the transport header starts and how long it is.
/// nil if the bytes are cut or no IPv4 header.
func decodeIPv4(_ bytes: RawSpan, at offset: Int, payload: inout Payload) -> IPv4Header? {
    guard let version = bytes.u8(offset), version >> 4 == 4, version & 0x0f >= 5,
        let tos = bytes.u8(offset + 1), let totalLength = bytes.u16(offset + 2),
        let id = bytes.u16(offset + 4), let flags = bytes.u16(offset + 6),
        let ttl = bytes.u8(offset + 8), let proto = bytes.u8(offset + 9),
        let source = bytes.u32(offset + 12), let destination = bytes.u32(offset + 16)
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
