/// One VLAN tag (IEEE 802.1Q).
public struct VLANTag: Hashable, Sendable {
    /// 0x8100 (802.1Q) or 0x88a8 (802.1ad).
    public let etherType: UInt16
    public let tci: UInt16

    public init(etherType: UInt16, tci: UInt16) {
        self.etherType = etherType
        self.tci = tci
    }

    /// VLAN id, 0 to 4095; 0 is a priority tag.
    public var id: UInt16 { tci & 0x0fff }
    /// Priority code point, 0 to 7.
    public var priority: UInt8 { UInt8(tci >> 13) }
    /// Drop eligible indicator.
    public var dropEligible: Bool { tci & 0x1000 != 0 }
}

/// The VLAN tags of a packet, outermost first: one that the kernel keeps outside the packet and two inside, which is
/// sufficient for QinQ. Deeper tags are skipped but not kept.
public struct VLANTags: Sendable, Equatable {
    public private(set) var first: VLANTag?
    public private(set) var second: VLANTag?
    public private(set) var third: VLANTag?

    public var isEmpty: Bool { first == nil }

    mutating func append(_ tag: VLANTag) {
        if first == nil {
            first = tag
        } else if second == nil {
            second = tag
        } else if third == nil {
            third = tag
        }
    }
}

/// Skips VLAN tags. `offset` is that of the TCI, and becomes that of the L3 header. Returns the L3 ethertype; nil if
/// the bytes end inside a tag.
func skipVLANTags(_ bytes: RawSpan, _ etherType: UInt16, at offset: inout Int, into tags: inout VLANTags) -> UInt16? {
    var next = etherType
    while EtherType.isVLAN(next) {
        guard let tci = bytes.u16(offset), let following = bytes.u16(offset + 2) else { return nil }
        tags.append(VLANTag(etherType: next, tci: tci))
        next = following
        offset += 4
    }
    return next
}

extension PacketProtocol {
    static let vlan = PacketProtocol(
        "vlan", "VLAN",
        [.etherType(EtherType.vlan), .etherType(EtherType.providerVLAN), .etherType(0x9100), .etherType(0x9200)],
        base: .walked,
        fields: [
            ProtocolField("vlan.prio", bit: 0, 3, .decimal, .more),
            ProtocolField("vlan.dei", bit: 3, 1, .flag, .more),
            ProtocolField("vlan.vid", bit: 4, 12),
            ProtocolField("vlan.type", bit: 16, 16, .hexadecimal, .most, names: .etherTypes),
        ],
        headerLength: { _ in 4 },
        next: { header in
            guard let type = header.u16(2) else { return nil }
            return type < 0x600 ? NextHeader(.llc, length: Int(type)) : NextHeader(.etherType(type))
        },
        summary: { header, line in
            guard let tag = header.u16(0) else { return }
            line.appendDecimal(tag & 0xfff)
        })
}
