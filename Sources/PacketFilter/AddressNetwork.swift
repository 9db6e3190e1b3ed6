import CNettraceBPF
import Glibc

/// An IPv4 or IPv6 address, or a network: an address whose host part is cleared.
struct AddressNetwork: Hashable, Sendable {
    let isIPv6: Bool
    /// Bits that count.
    let prefix: Int
    /// In host order, the first byte highest; IPv4 in the upper 32 bits.
    let bits: UInt128

    /// Bits of an address.
    var width: Int { isIPv6 ? 128 : 32 }
    var isSingle: Bool { prefix == width }

    /// One address, in the notations that inet_pton(3) knows.
    init?(_ text: String) {
        let isIPv6 = text.utf8.contains(UInt8(ascii: ":"))
        var bytes = in6_addr()
        guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        self.init(isIPv6: isIPv6, bits: UInt128(bigEndian: unsafeBitCast(bytes, to: UInt128.self)))
    }

    /// `bits`: the lowest may be anything where they count for nothing.
    init(isIPv6: Bool, prefix: Int? = nil, bits: UInt128) {
        self.isIPv6 = isIPv6
        self.prefix = prefix ?? (isIPv6 ? 128 : 32)
        self.bits = bits & Self.mask(self.prefix)
    }

    /// The network of that prefix length; people give a network by any address in it.
    func network(_ prefix: Int) -> AddressNetwork {
        AddressNetwork(isIPv6: isIPv6, prefix: min(prefix, self.prefix), bits: bits)
    }

    private static func mask(_ prefix: Int) -> UInt128 {
        prefix == 0 ? 0 : UInt128.max << (128 - prefix)
    }

    var text: String {
        var address = unsafeBitCast(bits.bigEndian, to: in6_addr.self)
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(isIPv6 ? AF_INET6 : AF_INET, &address, &buffer, socklen_t(buffer.count))
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// In the list NT_SET_.
    func key(in set: UInt16) -> nt_address_key {
        nt_address_key(
            prefix: UInt32(NT_ADDRESS_KEY_PREFIX) + UInt32(prefix), set: set, family: isIPv6 ? 6 : 4,
            address: unsafeBitCast(bits.bigEndian, to: type(of: nt_address_key().address)))
    }

    /// What a key asks about.
    init(_ key: nt_address_key) {
        self.init(
            isIPv6: key.family == 6, bits: UInt128(bigEndian: unsafeBitCast(key.address, to: UInt128.self)))
    }
}
