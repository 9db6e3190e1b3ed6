import Events
import Protocols
import Text

// The columns of a table of drops. A value that there is not is `-`.
extension ByteBuffer {
    mutating func appendCell(_ dimension: DropDimension, of key: DropKey, _ names: NameTable) {
        switch dimension {
        case .reason: appendReason(key, names)
        case .location:
            guard key.location != 0 else { return append("-") }
            appendLocation(key.location, names)
        case .device:
            guard !key.device.isEmpty else { return append("-") }
            appendEscaped(key.device.span.bytes)
        case .netns: appendOrDash(key.netns)
        case .saddr: appendAddress(key.source, etherType: key.etherType)
        case .daddr: appendAddress(key.destination, etherType: key.etherType)
        case .sport: appendOrDash(key.sourcePort)
        case .dport: appendOrDash(key.destinationPort)
        case .proto: appendProtocol(key)
        }
    }

    private mutating func appendReason(_ key: DropKey, _ names: NameTable) {
        guard names.givesDropReasons else { return append("-") }
        if let name = names.dropReasons[key.reason] {
            appendEscaped(name.span.bytes)
        } else {
            appendDecimal(key.reason)
        }
        if names.isNormalEnd(reason: key.reason, at: key.location) { append(" (normal)") }
    }

    private mutating func appendOrDash(_ value: some BinaryInteger) {
        guard value != 0 else { return append("-") }
        appendDecimal(value)
    }

    private mutating func appendAddress(_ address: NetworkAddress, etherType: UInt16) {
        if !append(address, etherType: etherType) { append("-") }
    }

    /// `ip/udp`, `ipv6/icmp6`, `ARP`, `0x88cd`.
    private mutating func appendProtocol(_ key: DropKey) {
        guard key.isIP else {
            if let name = EtherType.name(key.etherType) {
                append(name)
            } else {
                append("0x")
                appendHex(UInt64(key.etherType), width: 4)
            }
            return
        }
        append(key.etherType == EtherType.ipv4 ? "ip/" : "ipv6/")
        if let keyword = IPProtocol.keyword(key.transport) {
            append(keyword)
        } else {
            appendDecimal(key.transport)
        }
    }
}

extension DropKey {
    var isIP: Bool { etherType == EtherType.ipv4 || etherType == EtherType.ipv6 }
}
