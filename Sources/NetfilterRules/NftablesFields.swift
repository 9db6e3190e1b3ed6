/// Positions of the header fields of nft(8) and libnftables-json(5), with the notation of their values.
enum NftablesFields {
    static func payload(protocol name: String, field: String) -> (field: Field, kind: NftablesSymbols.Kind)? {
        switch name {
        case "ip": network(ip[field], .version(4))
        case "ip6": network(ip6[field], .version(6))
        case "arp": network(arp[field], .arp)
        case "tcp": transport(tcp[field] ?? ports[field], [6])
        case "udp": transport(udp[field] ?? ports[field], [17])
        case "udplite": transport(udp[field] ?? ports[field], [136])
        case "sctp": transport(field == "vtag" ? (32, 32, .number) : ports[field], [132])
        case "dccp": transport(ports[field], [33])
        case "esp": transport(["spi": (0, 32, .number), "sequence": (32, 32, .number)][field], [50])
        case "ah":
            transport(
                ["nexthdr": (0, 8, .transportProtocol), "spi": (32, 32, .number), "sequence": (64, 32, .number)][field],
                [51])
        case "comp": transport(["nexthdr": (0, 8, .transportProtocol), "cpi": (16, 16, .number)][field], [108])
        case "igmp": transport(["type": (0, 8, .opaque), "group": (32, 32, .ipv4)][field], [2])
        case "th":
            ports[field].map {
                (.header(HeaderField(base: .transport, bit: $0.0, count: $0.1, requirement: .none)), $0.2)
            }
        case "icmp": icmp(field)
        case "icmpv6": icmp6(field)
        case "ether":
            switch field {
            case "type": (.etherType, .etherType)
            case "saddr", "daddr": (.linkAddress(isSource: field == "saddr"), .ethernet)
            default: nil
            }
        default: nil
        }
    }

    /// Raw payload expressions: `@nh,96,32`.
    static func raw(base: String, offset: Int64, length: Int64) -> Field? {
        let bases: [String: PacketBytes.Base] = ["nh": .network, "th": .transport, "ih": .inner]
        guard let base = bases[base],
            0...65535 ~= offset, 1...128 ~= length
        else { return nil }
        return .header(HeaderField(base: base, bit: Int(offset), count: Int(length), requirement: .none))
    }

    private typealias Place = (Int, Int, NftablesSymbols.Kind)

    private static func network(
        _ place: Place?, _ requirement: HeaderField.Requirement
    ) -> (field: Field, kind: NftablesSymbols.Kind)? {
        place.map { (.header(HeaderField(base: .network, bit: $0.0, count: $0.1, requirement: requirement)), $0.2) }
    }

    private static func transport(
        _ place: Place?, _ protocols: [UInt8]
    ) -> (field: Field, kind: NftablesSymbols.Kind)? {
        place.map {
            (.header(HeaderField(base: .transport, bit: $0.0, count: $0.1, requirement: .transport(protocols))), $0.2)
        }
    }

    private static let ip: [String: Place] = [
        "version": (0, 4, .number), "hdrlength": (4, 4, .number), "dscp": (8, 6, .dscp), "ecn": (14, 2, .ecn),
        "length": (16, 16, .number), "id": (32, 16, .number), "frag-off": (48, 16, .number), "ttl": (64, 8, .number),
        "protocol": (72, 8, .transportProtocol), "checksum": (80, 16, .number), "saddr": (96, 32, .ipv4),
        "daddr": (128, 32, .ipv4),
    ]
    private static let ip6: [String: Place] = [
        "version": (0, 4, .number), "dscp": (4, 6, .dscp), "ecn": (10, 2, .ecn), "flowlabel": (12, 20, .number),
        "length": (32, 16, .number), "nexthdr": (48, 8, .transportProtocol), "hoplimit": (56, 8, .number),
        "saddr": (64, 128, .ipv6), "daddr": (192, 128, .ipv6),
    ]
    private static let arp: [String: Place] = [
        "htype": (0, 16, .number), "ptype": (16, 16, .etherType), "hlen": (32, 8, .number), "plen": (40, 8, .number),
        "operation": (48, 16, .arpOperation), "saddr ether": (64, 48, .ethernet), "saddr ip": (112, 32, .ipv4),
        "daddr ether": (144, 48, .ethernet), "daddr ip": (192, 32, .ipv4),
    ]
    private static let ports: [String: Place] = ["sport": (0, 16, .number), "dport": (16, 16, .number)]
    private static let udp: [String: Place] = [
        "length": (32, 16, .number), "csumcov": (32, 16, .number), "checksum": (48, 16, .number),
    ]
    private static let tcp: [String: Place] = [
        "sequence": (32, 32, .number), "ackseq": (64, 32, .number), "doff": (96, 4, .number),
        "reserved": (100, 4, .number), "flags": (104, 8, .tcpFlags), "window": (112, 16, .number),
        "checksum": (128, 16, .number), "urgptr": (144, 16, .number),
    ]

    private static func icmp(_ field: String) -> (field: Field, kind: NftablesSymbols.Kind)? {
        switch field {
        case "type": transport((0, 8, .icmpType), [1])
        case "code": transport((8, 8, .icmpCode), [1])
        case "checksum": transport((16, 16, .number), [1])
        case "id": typed((32, 16, .number), 1, [0, 8, 13, 14, 15, 16, 17, 18])
        case "sequence": typed((48, 16, .number), 1, [0, 8, 13, 14, 15, 16, 17, 18])
        case "gateway": typed((32, 32, .number), 1, [5])
        case "mtu": typed((48, 16, .number), 1, [3])
        default: nil
        }
    }

    private static func icmp6(_ field: String) -> (field: Field, kind: NftablesSymbols.Kind)? {
        switch field {
        case "type": transport((0, 8, .icmp6Type), [58])
        case "code": transport((8, 8, .icmp6Code), [58])
        case "checksum": transport((16, 16, .number), [58])
        case "id": typed((32, 16, .number), 58, [128, 129])
        case "sequence": typed((48, 16, .number), 58, [128, 129])
        case "mtu": typed((32, 32, .number), 58, [2])
        default: nil
        }
    }

    private static func typed(
        _ place: Place, _ number: UInt8, _ types: [UInt8]
    ) -> (field: Field, kind: NftablesSymbols.Kind) {
        (
            .header(
                HeaderField(
                    base: .transport, bit: place.0, count: place.1, requirement: .icmp(number, types: types))), place.2
        )
    }
}
