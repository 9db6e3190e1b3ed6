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

    /// - Parameter bits: the first byte on the wire highest.
    public init(bits: UInt128) {
        self.init(high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
    }

    /// The first byte on the wire highest.
    public var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

    init?(_ bytes: RawSpan, at offset: Int) {
        guard let high = bytes.u64(offset), let low = bytes.u64(offset + 8) else { return nil }
        self.init(high: high, low: low)
    }
}

/// An address of either version of IP.
public enum IPAddress: Hashable, Sendable {
    case ipv4(IPv4Address)
    case ipv6(IPv6Address)

    /// Bits of an address.
    public var width: Int {
        switch self {
        case .ipv4: 32
        case .ipv6: 128
        }
    }

    /// The first byte on the wire highest; an IPv4 address is a number of 32 bits.
    public var bits: UInt128 {
        switch self {
        case .ipv4(let address): UInt128(address.bits)
        case .ipv6(let address): address.bits
        }
    }

    /// - Parameter bits: those of IPv4 are the lowest 32.
    public init(bits: UInt128, isIPv6: Bool) {
        self =
            isIPv6
            ? .ipv6(IPv6Address(bits: bits)) : .ipv4(IPv4Address(bits: UInt32(truncatingIfNeeded: bits)))
    }

    /// Returns nil unless there are 4 or 16 bytes, in the order of the wire.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.init(bits: bytes.reduce(0) { $0 << 8 | UInt128($1) }, isIPv6: bytes.count == 16)
    }

    public var isIPv6: Bool { width == 128 }

    /// 0.0.0.0 or ::.
    public var isUnspecified: Bool { bits == 0 }

    /// The bytes in the order of the wire: 4 or 16.
    public var bytes: [UInt8] {
        (0..<width / 8).map { UInt8(truncatingIfNeeded: bits >> UInt128(width - 8 - 8 * $0)) }
    }

    /// Whether both are of one version and have the first `length` bits in common.
    public func isIn(_ network: IPAddress, length: Int) -> Bool {
        guard width == network.width else { return false }
        let host = UInt128(max(0, width - length))
        return host >= 128 || bits >> host == network.bits >> host
    }

    /// 224.0.0.0/4 or ff00::/8.
    public var isMulticast: Bool {
        switch self {
        case .ipv4(let address): address.bits >> 28 == 0xe
        case .ipv6(let address): address.high >> 56 == 0xff
        }
    }

    /// fe80::/10, which is valid on one link only. Linux routes 169.254.0.0/16 as it does all other addresses.
    public var isLinkLocal: Bool {
        switch self {
        case .ipv4: false
        case .ipv6(let address): address.high >> 54 == 0x3fa
        }
    }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        switch self {
        case .ipv4(let address): address.bits >> 24 == 127
        case .ipv6(let address): address.bits == 1
        }
    }
}
