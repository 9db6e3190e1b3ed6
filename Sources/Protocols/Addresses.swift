/// An Ethernet address.
public struct MACAddress: Hashable, Sendable {
    /// The first byte on the wire is bits 40 to 47.
    public let bits: UInt64

    public init(bits: UInt64) {
        self.bits = bits & 0xffff_ffff_ffff
    }
}

/// An IPv4 address.
public struct IPv4Address: Hashable, Sendable {
    /// Host byte order: 10.0.0.1 is 0x0a000001.
    public let bits: UInt32

    public init(bits: UInt32) {
        self.bits = bits
    }
}

/// An IPv6 address.
public struct IPv6Address: Hashable, Sendable {
    /// The first eight bytes on the wire, as a host integer.
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init?(_ bytes: RawSpan, at offset: Int) {
        guard let high = bytes.u64(offset), let low = bytes.u64(offset + 8) else { return nil }
        self.init(high: high, low: low)
    }
}
