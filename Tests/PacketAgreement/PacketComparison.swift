public import Protocols

/// Compares each field that `Packet` has with the same field of the tables.
public struct PacketComparison {
    /// Whether the tables must have every field that `Packet` has. With broken lengths they may not: they end a header
    /// where the headers before it end the packet, while `Packet` reads on in the captured bytes.
    private let isStrict: Bool
    public private(set) var differences: [String] = []
    public private(set) var compared = 0

    public init(isStrict: Bool) { self.isStrict = isStrict }

    /// Compares a packet that begins with an Ethernet or network header.
    public mutating func compare(_ bytes: RawSpan, from first: ProtocolNumber) {
        if case .etherType(let type) = first {
            compare(bytes, PacketLayout(startsAtLink: false, networkOffset: 0, etherType: type))
        } else {
            let type = ProtocolTable.number("ether.type", in: bytes).map { UInt16(truncatingIfNeeded: $0) }
            compare(bytes, PacketLayout(startsAtLink: true, networkOffset: ethernetSize, etherType: type ?? 0))
        }
    }

    /// Compares a packet of the event stream.
    public mutating func compare(_ bytes: RawSpan, _ layout: PacketLayout) {
        let packet = Packet(decoding: bytes, layout: layout)
        let start = layout.startsAtLink ? 0 : min(max(layout.networkOffset, 0), bytes.byteCount)
        let walked = bytes.extracting(start..<bytes.byteCount)
        let layers = PacketLayers(walked, from: layout.startsAtLink ? .link(1) : .etherType(layout.etherType))
        // A tag that is kept outside the bytes is in no header.
        let tags = layout.vlanTag == nil ? packet.vlanTags : Packet().vlanTags
        compare(packet.ethernet, tags, packet.headers, layers, 0, walked)
        // The header's version decides on the length of ERSPAN in the tables, the ethertype in `Packet`.
        if let inner = packet.inner, isStrict || layers.first("erspan") == nil {
            compare(inner.ethernet, inner.vlanTags, inner.headers, layers, 1, walked)
            compare(inner.encapsulation, layers, walked)
        }
    }

    private mutating func compare(
        _ ethernet: EthernetHeader?, _ tags: VLANTags, _ headers: Headers, _ layers: PacketLayers, _ depth: Int,
        _ bytes: RawSpan
    ) {
        let reader = FieldReader(layers: layers, depth: depth)
        check("ether.dst", ethernet?.destination.bits, reader, bytes)
        check("ether.src", ethernet?.source.bits, reader, bytes)
        check("ether.type", ethernet?.etherType, reader, bytes)
        check("vlan.vid", tags.first?.id, reader, bytes)
        check("vlan.prio", tags.first?.priority, reader, bytes)
        check("vlan.dei", tags.first.map { $0.dropEligible ? 1 : 0 }, reader, bytes)
        switch headers.network {
        case .none: break
        case .ipv4(let header):
            check("ip.src", header.source.bits, reader, bytes)
            check("ip.dst", header.destination.bits, reader, bytes)
            check("ip.p", header.proto, reader, bytes)
            check("ip.ttl", header.ttl, reader, bytes)
            check("ip.tos", header.tos, reader, bytes)
            check("ip.len", header.totalLength, reader, bytes)
            check("ip.id", header.fragment?.id, reader, bytes)
            check("ip.off", header.fragment.map { $0.offset / 8 }, reader, bytes)
            check("ip.mf", header.fragment.map { $0.more ? 1 : 0 }, reader, bytes)
        case .ipv6(let header):
            check("ip6.src", header.source.bits, reader, bytes)
            check("ip6.dst", header.destination.bits, reader, bytes)
            check("ip6.hlim", header.hopLimit, reader, bytes)
            check("ip6.tclass", header.trafficClass, reader, bytes)
            check("ip6.flow", header.flowLabel, reader, bytes)
            check("ip6.plen", header.payloadLength, reader, bytes)
            check("ip6.frag.id", header.fragment?.id, reader, bytes)
            check("ip6.frag.off", header.fragment.map { $0.offset / 8 }, reader, bytes)
            check("ip6.frag.m", header.fragment.map { $0.more ? 1 : 0 }, reader, bytes)
        case .arp(let header):
            check("arp.op", header.operation, reader, bytes)
            check("arp.sha", header.senderMAC?.bits, reader, bytes)
            check("arp.spa", header.senderIP?.bits, reader, bytes)
            check("arp.tha", header.targetMAC?.bits, reader, bytes)
            check("arp.tpa", header.targetIP?.bits, reader, bytes)
        }
        // Of several authentication headers `Packet` keeps the last one.
        if reader.count(of: "ah") == 1 {
            check("ah.spi", headers.authentication?.spi, reader, bytes)
            check("ah.seq", headers.authentication?.sequence, reader, bytes)
        }
        compare(headers.transport, headers.proto, reader, bytes)
    }

    private mutating func compare(
        _ transport: Headers.Transport, _ proto: UInt8?, _ reader: FieldReader, _ bytes: RawSpan
    ) {
        switch transport {
        case .none: break
        case .tcp(let header):
            check("tcp.sport", header.ports.source, reader, bytes)
            check("tcp.dport", header.ports.destination, reader, bytes)
            check("tcp.seq", header.sequence, reader, bytes)
            check("tcp.ack", header.acknowledgement, reader, bytes)
            check("tcp.flags", header.flags?.rawValue, reader, bytes)
            check("tcp.flags.syn", header.flags.map { $0.contains(.syn) ? 1 : 0 }, reader, bytes)
            check("tcp.win", header.window, reader, bytes)
        case .udp(let header):
            let name = proto == IPProtocol.udpLite ? "udplite" : "udp"
            check(name + ".sport", header.ports.source, reader, bytes)
            check(name + ".dport", header.ports.destination, reader, bytes)
            // A length of 0 stands for that of the IP packet.
            if name == "udp", reader.read("udp.len", bytes).number != 0 {
                check("udp.len", header.dataLength.map { $0 + 8 }, reader, bytes)
            }
        case .sctp(let header):
            check("sctp.sport", header.ports.source, reader, bytes)
            check("sctp.dport", header.ports.destination, reader, bytes)
            check("sctp.vtag", header.verificationTag, reader, bytes)
            check("sctp.chunk.type", header.chunk, reader, bytes)
        case .icmp(let header): compare(header, reader, bytes)
        case .igmp(let header):
            check("igmp.type", header.type, reader, bytes)
            if [0x11, 0x12, 0x16, 0x17].contains(header.type) {
                check("igmp.group", header.group?.bits, reader, bytes)
            }
        case .gre(let header):
            check("gre.proto", header.etherType, reader, bytes)
            check("gre.key", header.key, reader, bytes)
            check("gre.seq", header.sequence, reader, bytes)
        case .esp(let header):
            check("esp.spi", header.spi, reader, bytes)
            check("esp.seq", header.sequence, reader, bytes)
        }
    }

    private mutating func compare(_ header: ICMPHeader, _ reader: FieldReader, _ bytes: RawSpan) {
        let name = header.isV6 ? "icmp6" : "icmp"
        check(name + ".type", header.type, reader, bytes)
        check(name + ".code", header.code, reader, bytes)
        switch header.detail {
        case .none: break
        case .query(let id, let sequence):
            let isExtended = header.isV6 ? header.type >= 160 : header.type >= 42
            check(name + (isExtended ? ".ext.id" : ".id"), id, reader, bytes)
            check(name + (isExtended ? ".ext.seq" : ".seq"), sequence, reader, bytes)
        case .mtu(let mtu): check(name + ".mtu", mtu, reader, bytes)
        case .gateway(let router): check("icmp.gw", router.bits, reader, bytes)
        case .target(let address): check("icmp6.target", address.bits, reader, bytes)
        case .group(let address): check("icmp6.group", address.bits, reader, bytes)
        case .pointer(let offset): check(name + ".pointer", offset, reader, bytes)
        }
    }

    private mutating func compare(_ encapsulation: Encapsulation, _ layers: PacketLayers, _ bytes: RawSpan) {
        let reader = FieldReader(layers: layers, depth: 0)
        switch encapsulation {
        case .ip, .icmpError: break
        case .gre(let key): check("gre.key", key, reader, bytes)
        case .erspan(let session): check("erspan.session", session, reader, bytes)
        case .gtp(let teid): check("gtp.teid", teid, reader, bytes)
        case .vxlan(let vni): check("vxlan.vni", vni, reader, bytes)
        case .geneve(let vni): check("geneve.vni", vni, reader, bytes)
        }
    }

    private mutating func check(
        _ name: String, _ value: (some BinaryInteger)?, _ reader: FieldReader, _ bytes: RawSpan
    ) {
        guard let value else { return }
        let reading = reader.read(name, bytes)
        if let number = reading.number {
            compared += 1
            if number == UInt128(value) { return }
        } else if !isStrict {
            return
        }
        differences.append("\(name): \(value) in Packet, \(reading) in the tables, depth \(reader.depth)")
    }
}

private let ethernetSize = 14

private struct FieldReader {
    let layers: PacketLayers
    let depth: Int

    func count(of name: String) -> Int { layers.layers.count { $0.depth == depth && $0.kind.name == name } }

    func read(_ name: String, _ bytes: RawSpan) -> FieldReading {
        layers.read(name, in: bytes, depth: depth)
    }
}
