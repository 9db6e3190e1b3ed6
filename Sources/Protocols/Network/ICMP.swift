/// ICMP (RFC 792) or ICMPv6 (RFC 4443, 4861, 2710) message.
public struct ICMPHeader: Hashable, Sendable {
    /// Contents of the message besides type and code.
    public enum Detail: Hashable, Sendable {
        case none
        /// Echo and other queries.
        case query(id: UInt16, sequence: UInt16)
        /// Fragmentation needed, packet too big: the MTU of the next hop.
        case mtu(UInt32)
        /// Redirect: the better router.
        case gateway(IPv4Address)
        /// Neighbour discovery: the address that is requested, announced or the target of a redirect.
        case target(IPv6Address)
        /// Multicast listener discovery, version 1.
        case group(IPv6Address)
        /// Parameter problem: offset of the erroneous byte.
        case pointer(UInt32)
    }

    public let isV6: Bool
    public let type: UInt8
    public let code: UInt8
    public var detail = Detail.none

    /// Whether the message is an error, which quotes the beginning of the packet that caused it.
    public var quotesOriginal: Bool {
        isV6 ? type >= 1 && type <= 4 : type == 3 || type == 4 || type == 5 || type == 11 || type == 12
    }

    /// Number of bytes before the quoted packet.
    static let errorHeaderSize = 8
}

func decodeICMP(_ bytes: RawSpan, at offset: Int, isV6: Bool, truncated: inout Bool) -> ICMPHeader? {
    guard let type = bytes.u8(offset), let code = bytes.u8(offset + 1) else { return nil }
    var header = ICMPHeader(isV6: isV6, type: type, code: code)
    let detail = isV6 ? detailOfV6(bytes, offset, type) : detailOfV4(bytes, offset, type, code)
    truncated = detail == nil
    header.detail = detail ?? .none
    return header
}

/// Returns nil if the message is cut.
private func detailOfV4(_ bytes: RawSpan, _ offset: Int, _ type: UInt8, _ code: UInt8) -> ICMPHeader.Detail? {
    guard let rest = bytes.u32(offset + 4) else { return nil }
    switch type {
    case 0, 8, 13, 14, 15, 16, 17, 18:
        return .query(id: UInt16(truncatingIfNeeded: rest >> 16), sequence: UInt16(truncatingIfNeeded: rest))
    case 42, 43:
        // Extended echo (RFC 8335): the sequence number has one byte, followed by flags.
        return .query(id: UInt16(truncatingIfNeeded: rest >> 16), sequence: UInt16(rest >> 8 & 0xff))
    case 3 where code == 4: return .mtu(rest & 0xffff)
    case 5: return .gateway(IPv4Address(bits: rest))
    case 12: return .pointer(rest >> 24)
    default: return ICMPHeader.Detail.none
    }
}

/// Returns nil if the message is cut.
private func detailOfV6(_ bytes: RawSpan, _ offset: Int, _ type: UInt8) -> ICMPHeader.Detail? {
    guard let rest = bytes.u32(offset + 4) else { return nil }
    switch type {
    case 128, 129:
        return .query(id: UInt16(truncatingIfNeeded: rest >> 16), sequence: UInt16(truncatingIfNeeded: rest))
    case 160, 161:
        return .query(id: UInt16(truncatingIfNeeded: rest >> 16), sequence: UInt16(rest >> 8 & 0xff))
    case 2: return .mtu(rest)
    case 4: return .pointer(rest)
    case 135, 136, 137: return IPv6Address(bytes, at: offset + 8).map { .target($0) }
    case 130, 131, 132: return IPv6Address(bytes, at: offset + 8).map { .group($0) }
    default: return ICMPHeader.Detail.none
    }
}

extension PacketProtocol {
    private static let isTimestamp = ProtocolField.Condition.bits(0, 8, are: [13, 14])
    private static let queries: [UInt64] = [0, 8, 13, 14, 15, 16, 17, 18]

    static let icmp = PacketProtocol(
        "icmp", "ICMP", [.ipProtocol(IPProtocol.icmp)], base: .transport,
        fields: [
            ProtocolField("icmp.type", bit: 0, 8, names: ValueNames(ICMPHeader.typeWordsOfV4)),
            ProtocolField("icmp.code", bit: 8, 8),
            ProtocolField("icmp.sum", bit: 16, 16, .hexadecimal, .all),
            ProtocolField("icmp.id", bit: 32, 16, when: .bits(0, 8, are: queries)),
            ProtocolField("icmp.seq", bit: 48, 16, when: .bits(0, 8, are: queries)),
            // Extended echo (RFC 8335): the sequence number has one byte, followed by flags.
            ProtocolField("icmp.ext.id", bit: 32, 16, when: .bits(0, 8, are: [42, 43])),
            ProtocolField("icmp.ext.seq", bit: 48, 8, when: .bits(0, 8, are: [42, 43])),
            ProtocolField("icmp.mtu", bit: 48, 16, when: .bits(0, 8, are: [3])),
            ProtocolField("icmp.gw", bit: 32, 32, .ipv4, when: .bits(0, 8, are: [5])),
            ProtocolField("icmp.pointer", bit: 32, 8, when: .bits(0, 8, are: [12])),
            // Milliseconds since midnight.
            ProtocolField("icmp.otime", bit: 64, 32, .decimal, .more, when: isTimestamp),
            ProtocolField("icmp.rtime", bit: 96, 32, .decimal, .more, when: isTimestamp),
            ProtocolField("icmp.ttime", bit: 128, 32, .decimal, .more, when: isTimestamp),
            ProtocolField("icmp.mask", bit: 64, 32, .ipv4, when: .bits(0, 8, are: [17, 18])),
            // RFC 1256.
            ProtocolField("icmp.naddr", bit: 32, 8, .decimal, .more, when: .bits(0, 8, are: [9])),
            ProtocolField("icmp.lifetime", bit: 48, 16, .decimal, .more, when: .bits(0, 8, are: [9])),
            ProtocolField("icmp.router", .ipv4, .brief, when: .bits(0, 8, are: [9])) { header, values in
                guard let count = header.u8(4), let words = header.u8(5) else {
                    return _ = values.append(header.ending)
                }
                for index in 0..<Int(count) {
                    guard values.append(header.read(at: 8 + 4 * Int(words) * index, count: 4)) else { return }
                }
            },
        ],
        headerLength: { header in
            guard let type = header.u8(0) else { return nil }
            return switch type {
            case 9: header.length
            case 13, 14: 20
            case 17, 18: 12
            default: ICMPHeader.errorHeaderSize
            }
        },
        next: { header in
            guard let type = header.u8(0), ICMPHeader(isV6: false, type: type, code: 0).quotesOriginal else {
                return nil
            }
            return NextHeader(.etherType(EtherType.ipv4), isQuote: true)
        },
        summary: { header, line in
            guard let type = header.u8(0), let code = header.u8(1),
                let words = ICMPHeader(isV6: false, type: type, code: code).words
            else { return }
            line.append(words)
        })
}
