import Protocols
import Text

extension JSONObject {
    /// The object named after the transport protocol.
    mutating func append(_ transport: Headers.Transport, _ buffer: inout ByteBuffer) {
        switch transport {
        case .none: break
        case .tcp(let header): append(header, &buffer)
        case .udp(let header):
            object("udp", &buffer) { $0.number("len", header.dataLength, &$1) }
        case .sctp(let header):
            object("sctp", &buffer) { object, buffer in
                object.hex("tag", header.verificationTag, width: 8, &buffer)
                object.number("chunk", header.chunk, &buffer)
            }
        case .icmp(let header): append(header, &buffer)
        case .igmp(let header):
            object("igmp", &buffer) { object, buffer in
                object.number("type", header.type, &buffer)
                if let group = header.group {
                    object.quoted("group", &buffer) { $0.append(group) }
                }
            }
        case .gre(let header):
            object("gre", &buffer) { object, buffer in
                object.hex("proto", header.etherType, width: 4, &buffer)
                object.number("key", header.key, &buffer)
                object.number("seq", header.sequence, &buffer)
            }
        case .esp(let header): append(header, "esp", &buffer)
        }
    }

    /// ESP or AH.
    mutating func append(_ header: IPsecHeader, _ name: StaticString, _ buffer: inout ByteBuffer) {
        object(name, &buffer) { object, buffer in
            object.hex("spi", header.spi, width: 8, &buffer)
            object.number("seq", header.sequence, &buffer)
        }
    }

    private mutating func append(_ header: TCPHeader, _ buffer: inout ByteBuffer) {
        object("tcp", &buffer) { object, buffer in
            if let flags = header.flags {
                object.quoted("flags", &buffer) { $0.appendLetters(flags) }
            }
            object.number("seq", header.sequence, &buffer)
            object.number("ack", header.acknowledgement, &buffer)
            object.number("win", header.window, &buffer)
            object.number("len", header.dataLength, &buffer)
        }
    }

    private mutating func append(_ header: ICMPHeader, _ buffer: inout ByteBuffer) {
        object("icmp", &buffer) { object, buffer in
            object.number("type", header.type, &buffer)
            object.number("code", header.code, &buffer)
            if let words = header.words {
                object.word("text", words, &buffer)
            }
            switch header.detail {
            case .none: break
            case .query(let id, let sequence):
                object.number("id", id, &buffer)
                object.number("seq", sequence, &buffer)
            case .mtu(let mtu): object.number("mtu", mtu, &buffer)
            case .gateway(let router): object.quoted("gateway", &buffer) { $0.append(router) }
            case .target(let address): object.quoted("target", &buffer) { $0.append(address) }
            case .group(let address): object.quoted("group", &buffer) { $0.append(address) }
            case .pointer(let offset): object.number("pointer", offset, &buffer)
            }
        }
    }

    mutating func append(_ arp: ARPHeader, _ buffer: inout ByteBuffer) {
        object("arp", &buffer) { object, buffer in
            object.number("op", arp.operation, &buffer)
            if let address = arp.senderIP {
                object.quoted("sender", &buffer) { $0.append(address) }
            }
            if let address = arp.senderMAC {
                object.quoted("sender_mac", &buffer) { $0.append(address) }
            }
            if let address = arp.targetIP {
                object.quoted("target", &buffer) { $0.append(address) }
            }
            if let address = arp.targetMAC {
                object.quoted("target_mac", &buffer) { $0.append(address) }
            }
        }
    }
}
