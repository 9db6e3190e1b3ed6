import CNettraceBPF
import Protocols

/// An IPv4 or IPv6 address, or a network, whose host bits are zero.
struct AddressNetwork: Hashable, Sendable {
    let isIPv6: Bool
    /// Prefix length in bits.
    let prefix: Int
    /// The address in host order, its first byte the most significant; IPv4 in the upper 32 bits.
    let bits: UInt128

    /// Length of an address in bits.
    var width: Int { isIPv6 ? 128 : 32 }
    var isSingle: Bool { prefix == width }

    /// Parses one address in the notations of inet_pton(3).
    init?(_ text: String) {
        switch IPAddress(text) {
        case .ipv4(let address)?: self.init(isIPv6: false, bits: UInt128(address.bits) << 96)
        case .ipv6(let address)?: self.init(isIPv6: true, bits: address.bits)
        case nil: return nil
        }
    }

    /// - Parameter bits: bits beyond the prefix are cleared.
    init(isIPv6: Bool, prefix: Int? = nil, bits: UInt128) {
        self.isIPv6 = isIPv6
        self.prefix = prefix ?? (isIPv6 ? 128 : 32)
        self.bits = bits & Self.mask(self.prefix)
    }

    /// The network of this prefix length that contains the address.
    func network(_ prefix: Int) -> AddressNetwork {
        AddressNetwork(isIPv6: isIPv6, prefix: min(prefix, self.prefix), bits: bits)
    }

    private static func mask(_ prefix: Int) -> UInt128 {
        prefix == 0 ? 0 : UInt128.max << (128 - prefix)
    }

    var text: String { IPAddress(bits: isIPv6 ? bits : bits >> 96, isIPv6: isIPv6).text }

    /// The key of this network in the lookup map, for the list `set` (NT_SET_).
    func key(in set: UInt16) -> nt_address_key {
        nt_address_key(
            prefix: UInt32(NT_ADDRESS_KEY_PREFIX) + UInt32(prefix), set: set, family: isIPv6 ? 6 : 4,
            address: unsafeBitCast(bits.bigEndian, to: type(of: nt_address_key().address)))
    }

    /// The address that a lookup key asks for.
    init(_ key: nt_address_key) {
        self.init(
            isIPv6: key.family == 6, bits: UInt128(bigEndian: unsafeBitCast(key.address, to: UInt128.self)))
    }
}
