import Events
import Protocols
import Text

// An address with a port: `10.0.0.1:80`, `[fd00::1]:80`.
extension ByteBuffer {
    mutating func append(_ address: IPv4Address, port: UInt16?) {
        append(address)
        guard let port else { return }
        append(UInt8(ascii: ":"))
        appendDecimal(port)
    }

    mutating func append(_ address: IPv6Address, port: UInt16?) {
        guard let port else {
            append(address)
            return
        }
        append(UInt8(ascii: "["))
        append(address)
        append("]:")
        appendDecimal(port)
    }

    /// False, and nothing appended, where the ethertype has no such addresses.
    @discardableResult
    mutating func append(_ address: NetworkAddress, etherType: UInt16, port: UInt16? = nil) -> Bool {
        switch etherType {
        case EtherType.ipv4: append(IPv4Address(bits: UInt32(truncatingIfNeeded: address.high >> 32)), port: port)
        case EtherType.ipv6: append(IPv6Address(high: address.high, low: address.low), port: port)
        default: return false
        }
        return true
    }
}
