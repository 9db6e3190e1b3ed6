import Protocols
import Text

// Packets and headers are inout although they are only read: so they stay where they were decoded, while a value of that
// size that is passed is copied each time.
extension ByteBuffer {
    /// The packet in words. A tunnelled packet follows its carrier after " | ", the packet that an ICMP error quotes
    /// after ", original ".
    ///
    /// - Parameter isSocketTuple: the bytes are made up from a socket: addresses and ports are all they say.
    mutating func append(_ packet: inout Packet, isSocketTuple: Bool) {
        append(&packet.headers, packet.ethernet, carrying: packet.inner?.encapsulation, addressesOnly: isSocketTuple)
        append(packet.vlanTags)
        if isSocketTuple {
            append(" (socket)")
            return
        }
        if packet.headers.isTruncated {
            append(" (truncated)")
        }
        guard var inner = packet.inner else { return }
        append(inner.encapsulation == .icmpError ? ", original " : " | ")
        append(&inner.headers, inner.ethernet, carrying: nil, addressesOnly: false)
        append(inner.vlanTags)
        if inner.headers.isTruncated {
            append(" (truncated)")
        }
    }

    /// Protocol, addresses and ports, and nothing else.
    mutating func appendTuple(of packet: inout Packet) {
        append(&packet.headers, nil, carrying: nil, addressesOnly: true)
    }

    private mutating func append(_ tags: VLANTags) {
        guard let first = tags.first else { return }
        append(", vlan: ")
        appendDecimal(first.id)
        if let second = tags.second {
            append(UInt8(ascii: "."))
            appendDecimal(second.id)
        }
        if let third = tags.third {
            append(UInt8(ascii: "."))
            appendDecimal(third.id)
        }
    }

    private mutating func append(
        _ headers: inout Headers, _ ethernet: EthernetHeader?, carrying: Encapsulation?, addressesOnly: Bool
    ) {
        let ports = headers.ports
        switch headers.network {
        case .none:
            appendUndecoded(&headers, ethernet)
        case .arp(let arp):
            append(arp)
        case .ipv4(let header):
            appendLabel(headers.proto, carrying)
            append(header.source, port: ports?.source)
            append(" -> ")
            append(header.destination, port: ports?.destination)
            appendDetails(&headers, carrying, addressesOnly: addressesOnly)
        case .ipv6(let header):
            appendLabel(headers.proto, carrying)
            append(header.source, port: ports?.source)
            append(" -> ")
            append(header.destination, port: ports?.destination)
            appendDetails(&headers, carrying, addressesOnly: addressesOnly)
        }
    }

    private mutating func appendLabel(_ proto: UInt8?, _ carrying: Encapsulation?) {
        switch carrying {
        case .vxlan: append("VXLAN")
        case .geneve: append("Geneve")
        case .erspan: append("ERSPAN")
        case .gtp: append("GTP")
        default:
            if let proto, let name = IPProtocol.name(proto) {
                append(name)
            } else {
                append("protocol ")
                appendDecimal(proto ?? 0)
            }
        }
        append(": ")
    }

    private mutating func appendDetails(_ headers: inout Headers, _ carrying: Encapsulation?, addressesOnly: Bool) {
        guard !addressesOnly else { return }
        append(headers.transport, carrying)
        if let fragment = headers.fragment {
            append(fragment)
        }
        if let authentication = headers.authentication {
            append(", ah spi: 0x")
            appendHex(UInt64(authentication.spi), width: 8)
        }
    }

    private mutating func append(_ fragment: Fragment) {
        append(", fragment id: ")
        appendDecimal(fragment.id)
        append(", offset: ")
        appendDecimal(fragment.offset)
        append(fragment.more ? ", more" : ", last")
    }

    private mutating func appendUndecoded(_ headers: inout Headers, _ ethernet: EthernetHeader?) {
        if let name = EtherType.name(headers.etherType) {
            append(name)
        } else {
            append("ethertype 0x")
            appendHex(UInt64(headers.etherType), width: 4)
        }
        if let ethernet {
            append(": ")
            append(ethernet.source)
            append(" -> ")
            append(ethernet.destination)
        }
        let isIP = headers.etherType == EtherType.ipv4 || headers.etherType == EtherType.ipv6
        if isIP, !headers.isTruncated {
            append(" (malformed)")
        }
    }
}
