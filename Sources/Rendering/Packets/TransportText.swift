import Protocols
import Text

extension ByteBuffer {
    /// The items after the addresses, each after ", ".
    mutating func append(_ transport: Headers.Transport, _ carrying: Encapsulation?) {
        switch transport {
        case .none: break
        case .tcp(let header): append(header)
        case .udp(let header): append(header, carrying)
        case .sctp(let header): append(header)
        case .icmp(let header): append(header)
        case .igmp(let header): append(header)
        case .gre(let header): append(header)
        case .esp(let header):
            append(", spi: 0x")
            appendHex(UInt64(header.spi), width: 8)
            appendItem(", seq: ", header.sequence)
        }
    }

    private mutating func append(_ header: TCPHeader) {
        appendItem(", seq: ", header.sequence)
        appendItem(", ack: ", header.acknowledgement)
        appendItem(", win: ", header.window)
        if let flags = header.flags {
            append(", flags: ")
            if flags.isEmpty {
                append(UInt8(ascii: "-"))
            }
            appendLetters(flags)
        }
        appendItem(", len: ", header.dataLength)
    }

    /// One letter per flag, as in `--tcp-flags`.
    mutating func appendLetters(_ flags: TCPFlags) {
        if flags.contains(.syn) { append(UInt8(ascii: "S")) }
        if flags.contains(.fin) { append(UInt8(ascii: "F")) }
        if flags.contains(.rst) { append(UInt8(ascii: "R")) }
        if flags.contains(.psh) { append(UInt8(ascii: "P")) }
        if flags.contains(.ack) { append(UInt8(ascii: "A")) }
        if flags.contains(.urg) { append(UInt8(ascii: "U")) }
        if flags.contains(.ece) { append(UInt8(ascii: "E")) }
        if flags.contains(.cwr) { append(UInt8(ascii: "C")) }
    }

    private mutating func append(_ header: UDPHeader, _ carrying: Encapsulation?) {
        switch carrying {
        case .vxlan(let vni), .geneve(let vni): appendItem(", vni: ", vni)
        case .gtp(let teid): appendItem(", teid: ", teid)
        default: appendItem(", len: ", header.dataLength)
        }
    }

    private mutating func append(_ header: SCTPHeader) {
        if let tag = header.verificationTag {
            append(", tag: 0x")
            appendHex(UInt64(tag), width: 8)
        }
        guard let chunk = header.chunk else { return }
        append(", chunk: ")
        if let name = SCTPHeader.chunkName(chunk) {
            append(name)
        } else {
            appendDecimal(chunk)
        }
    }

    private mutating func append(_ header: ICMPHeader) {
        append(", ")
        if let words = header.words {
            append(words)
        } else {
            append("type: ")
            appendDecimal(header.type)
            append(", code: ")
            appendDecimal(header.code)
        }
        switch header.detail {
        case .none: break
        case .query(_, let sequence):
            // The space before the comma is the established form of these lines; scripts match it.
            appendItem(" , seq: ", sequence)
        case .mtu(let mtu): appendItem(", mtu: ", mtu)
        case .gateway(let router):
            append(", to: ")
            append(router)
        case .target(let address):
            append(", target: ")
            append(address)
        case .group(let address):
            append(", group: ")
            append(address)
        case .pointer(let offset): appendItem(", at byte: ", offset)
        }
    }

    private mutating func append(_ header: IGMPHeader) {
        append(", ")
        if let words = header.words {
            append(words)
        } else {
            appendItem("type: ", header.type)
        }
        if let group = header.group, group.bits != 0 {
            append(", group: ")
            append(group)
        }
    }

    private mutating func append(_ header: GREHeader) {
        appendItem(", key: ", header.key)
        appendItem(", seq: ", header.sequence)
    }

    /// ARP in the words of tcpdump users: who-has, is-at.
    mutating func append(_ arp: ARPHeader) {
        append(arp.isReverse ? "RARP: " : "ARP: ")
        guard let operation = arp.operation else {
            append("no operation")
            return
        }
        switch (operation, arp.senderIP, arp.targetIP, arp.senderMAC, arp.targetMAC) {
        case (1, .some(let sender), .some(let target), _, _):
            append("who-has ")
            append(target)
            append(" tell ")
            append(sender)
        case (2, .some(let sender), _, .some(let hardware), _):
            append(sender)
            append(" is-at ")
            append(hardware)
        case (3, _, _, .some(let sender), .some(let target)):
            append("who-is ")
            append(target)
            append(" tell ")
            append(sender)
        case (4, _, .some(let address), _, .some(let target)):
            append(target)
            append(" is ")
            append(address)
        default:
            appendItem("operation: ", operation)
        }
    }

    /// Inlined for the sake of the label: see `append(_:)`.
    @inline(__always)
    private mutating func appendItem(_ label: StaticString, _ value: (some BinaryInteger)?) {
        guard let value else { return }
        append(label)
        appendDecimal(value)
    }
}
