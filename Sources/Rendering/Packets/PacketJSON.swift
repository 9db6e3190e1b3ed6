import Protocols
import Text

// Packets and headers are inout for the same reason as in PacketText.swift.
extension JSONObject {
    /// The keys of a packet, with its inner packet as "inner".
    mutating func append(_ packet: inout Packet, isSocketTuple: Bool, _ buffer: inout ByteBuffer) {
        flag("socket", isSocketTuple, &buffer)
        append(packet.ethernet, &buffer)
        append(packet.vlanTags, &buffer)
        append(&packet.headers, addressesOnly: isSocketTuple, &buffer)
        guard var inner = packet.inner, !isSocketTuple else { return }
        object("inner", &buffer) { object, buffer in
            object.append(inner.encapsulation, &buffer)
            object.append(inner.ethernet, &buffer)
            object.append(inner.vlanTags, &buffer)
            object.append(&inner.headers, addressesOnly: false, &buffer)
        }
    }

    private mutating func append(_ encapsulation: Encapsulation, _ buffer: inout ByteBuffer) {
        switch encapsulation {
        case .ip:
            word("via", "ip", &buffer)
        case .gre:
            word("via", "gre", &buffer)
        case .erspan(let session):
            word("via", "erspan", &buffer)
            if let session { number("session", session, &buffer) }
        case .gtp(let teid):
            word("via", "gtp", &buffer)
            number("teid", teid, &buffer)
        case .vxlan(let vni):
            word("via", "vxlan", &buffer)
            number("vni", vni, &buffer)
        case .geneve(let vni):
            word("via", "geneve", &buffer)
            number("vni", vni, &buffer)
        case .icmpError:
            word("via", "icmp", &buffer)
        }
    }

    private mutating func append(_ ethernet: EthernetHeader?, _ buffer: inout ByteBuffer) {
        guard let ethernet else { return }
        object("eth", &buffer) { object, buffer in
            object.quoted("src", &buffer) { $0.append(ethernet.source) }
            object.quoted("dst", &buffer) { $0.append(ethernet.destination) }
            object.hex("type", ethernet.etherType, width: 4, &buffer)
        }
    }

    private mutating func append(_ tags: VLANTags, _ buffer: inout ByteBuffer) {
        guard !tags.isEmpty else { return }
        key("vlan", &buffer)
        buffer.append(UInt8(ascii: "["))
        append(tags.first, isFirst: true, &buffer)
        append(tags.second, isFirst: false, &buffer)
        append(tags.third, isFirst: false, &buffer)
        buffer.append(UInt8(ascii: "]"))
    }

    /// One element of the array of tags.
    private func append(_ tag: VLANTag?, isFirst: Bool, _ buffer: inout ByteBuffer) {
        guard let tag else { return }
        if !isFirst {
            buffer.append(UInt8(ascii: ","))
        }
        var object = JSONObject()
        object.hex("proto", tag.etherType, width: 4, &buffer)
        object.number("id", tag.id, &buffer)
        object.number("prio", tag.priority, &buffer)
        object.flag("dei", tag.dropEligible, &buffer)
        object.end(&buffer)
    }

    /// - Parameter addressesOnly: protocols, addresses and ports, and nothing else.
    mutating func append(_ headers: inout Headers, addressesOnly: Bool, _ buffer: inout ByteBuffer) {
        if headers.etherType != 0 {
            appendNetworkName(headers.etherType, &buffer)
        }
        if let proto = headers.proto { appendTransportName(proto, &buffer) }
        let ports = headers.ports
        switch headers.network {
        case .none:
            break
        case .arp(let arp):
            append(arp, &buffer)
        case .ipv4(let header):
            quoted("saddr", &buffer) { $0.append(header.source) }
            quoted("daddr", &buffer) { $0.append(header.destination) }
            appendPorts(ports, &buffer)
            if !addressesOnly {
                number("ttl", header.ttl, &buffer)
                number("tos", header.tos, &buffer)
            }
        case .ipv6(let header):
            quoted("saddr", &buffer) { $0.append(header.source) }
            quoted("daddr", &buffer) { $0.append(header.destination) }
            appendPorts(ports, &buffer)
            if !addressesOnly {
                number("ttl", header.hopLimit, &buffer)
                number("tos", header.trafficClass, &buffer)
                number("flow", header.flowLabel, &buffer)
            }
        }
        guard !addressesOnly else { return }
        append(headers.fragment, &buffer)
        append(headers.transport, &buffer)
        if let authentication = headers.authentication {
            append(authentication, "ah", &buffer)
        }
        flag("truncated", headers.isTruncated, &buffer)
    }

    /// "l3": the names of `-p`, or the number of an ethertype that has none.
    mutating func appendNetworkName(_ etherType: UInt16, _ buffer: inout ByteBuffer) {
        switch etherType {
        case EtherType.ipv4: word("l3", "ip", &buffer)
        case EtherType.ipv6: word("l3", "ipv6", &buffer)
        case EtherType.arp: word("l3", "arp", &buffer)
        case EtherType.rarp: word("l3", "rarp", &buffer)
        default: hex("l3", etherType, width: 4, &buffer)
        }
    }

    /// "l4": the names of `-p`, or the number of a protocol that has none.
    mutating func appendTransportName(_ proto: UInt8, _ buffer: inout ByteBuffer) {
        if let keyword = IPProtocol.keyword(proto) {
            word("l4", keyword, &buffer)
        } else {
            quoted("l4", &buffer) { $0.appendDecimal(proto) }
        }
    }

    private mutating func appendPorts(_ ports: Ports?, _ buffer: inout ByteBuffer) {
        number("sport", ports?.source, &buffer)
        number("dport", ports?.destination, &buffer)
    }

    private mutating func append(_ fragment: Fragment?, _ buffer: inout ByteBuffer) {
        guard let fragment else { return }
        object("frag", &buffer) { object, buffer in
            object.number("id", fragment.id, &buffer)
            object.number("offset", fragment.offset, &buffer)
            object.key("more", &buffer)
            buffer.append(fragment.more ? "true" : "false")
        }
    }
}
