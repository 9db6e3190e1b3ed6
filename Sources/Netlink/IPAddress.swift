/// An IPv4 or IPv6 address in network byte order.
public struct IPAddress: Hashable, Sendable {
    /// 4 or 16 bytes.
    public let bytes: [UInt8]

    /// Returns nil unless there are 4 or 16 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }

    public var isIPv6: Bool { bytes.count == 16 }
    /// 32 or 128.
    public var bitWidth: Int { bytes.count * 8 }
    /// 224.0.0.0/4 or ff00::/8
    public var isMulticast: Bool { isIPv6 ? bytes[0] == 0xff : bytes[0] >> 4 == 0xe }
    public var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    /// 0.0.0.0 or ::
    static func unspecified(_ family: AddressFamily) -> IPAddress {
        IPAddress(zeros: family == .inet6 ? 16 : 4)
    }

    private init(zeros count: Int) {
        bytes = [UInt8](repeating: 0, count: count)
    }
}

/// An address and the number of its leading bits that count.
public struct IPPrefix: Hashable, Sendable {
    public let address: IPAddress
    public let length: Int

    /// Returns nil if the address does not have so many bits.
    public init?(_ address: IPAddress, length: Int) {
        guard 0...address.bitWidth ~= length else { return nil }
        self.address = address
        self.length = length
    }

    public func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        let whole = length / 8
        guard other.bytes[..<whole] == address.bytes[..<whole] else { return false }
        let rest = length % 8
        return rest == 0 || (other.bytes[whole] ^ address.bytes[whole]) >> UInt8(8 - rest) == 0
    }
}

/// Address families (include/linux/socket.h).
public enum AddressFamily: UInt8, Sendable {
    case unspecified = 0
    case inet = 2
    case bridge = 7
    case inet6 = 10
}
