public import Protocols

extension IPAddress {
    /// 0.0.0.0 or ::
    static func unspecified(_ family: AddressFamily) -> IPAddress {
        IPAddress(bits: 0, isIPv6: family == .inet6)
    }
}

/// An address and the number of its leading bits that count.
public struct IPPrefix: Hashable, Sendable {
    public let address: IPAddress
    public let length: Int

    /// Returns nil if the address does not have so many bits.
    public init?(_ address: IPAddress, length: Int) {
        guard 0...address.width ~= length else { return nil }
        self.address = address
        self.length = length
    }

    public func contains(_ other: IPAddress) -> Bool { other.isIn(address, length: length) }
}

/// Address families (include/linux/socket.h).
public enum AddressFamily: UInt8, Sendable {
    case unspecified = 0
    case inet = 2
    case bridge = 7
    case inet6 = 10
}
