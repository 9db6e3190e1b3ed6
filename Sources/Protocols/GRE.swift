/// GRE header (RFC 2784, RFC 2890; version 1: RFC 2637).
public struct GREHeader: Hashable, Sendable {
    /// Type of the payload: 0x6558 for Ethernet frames.
    public let etherType: UInt16
    public var key: UInt32?
    public var sequence: UInt32?
}

/// Decodes a GRE header; `end` becomes the offset of the encapsulated packet. Returns nil if the fixed part is cut.
func decodeGRE(_ bytes: RawSpan, at offset: Int, end: inout Int, truncated: inout Bool) -> GREHeader? {
    guard let flags = bytes.u16(offset), let etherType = bytes.u16(offset + 2) else { return nil }
    var header = GREHeader(etherType: etherType)
    end = offset + 4
    // The checksum field is present if the checksum or the routing flag (RFC 1701) is set.
    if flags & 0xc000 != 0 {
        end += 4
    }
    if flags & 0x2000 != 0 {
        header.key = bytes.u32(end)
        end += 4
    }
    if flags & 0x1000 != 0 {
        header.sequence = bytes.u32(end)
        end += 4
    }
    if flags & 7 == 1, flags & 0x0080 != 0 {
        // Version 1 has an acknowledgement number.
        end += 4
    }
    truncated = end > bytes.byteCount
    return header
}
