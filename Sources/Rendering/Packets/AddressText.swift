import Protocols
import Text

extension ByteBuffer {
    @inline(__always)
    mutating func append(_ address: IPv4Address) { appendIPv4(address.bits) }

    @inline(__always)
    mutating func append(_ address: IPv6Address) { appendIPv6(high: address.high, low: address.low) }

    @inline(__always)
    mutating func append(_ address: MACAddress) { appendMAC(address.bits) }
}
