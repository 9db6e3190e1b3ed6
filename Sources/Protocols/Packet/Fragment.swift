/// The position of a fragment in its packet (RFC 791; RFC 8200, 4.5).
public struct Fragment: Hashable, Sendable {
    /// 16 bits in IPv4, 32 in IPv6.
    public let id: UInt32
    /// Bytes from the start of the unfragmented payload.
    public let offset: UInt16
    /// Whether more fragments follow.
    public let more: Bool

    /// True for all fragments but the first: the payload starts in the middle of a transport segment.
    public var isLater: Bool { offset != 0 }
}
