/// Offset and type of the L3 header, after VLAN tags inside the bytes.
struct NetworkStart {
    var offset: Int
    var etherType: UInt16
    var isTruncated = false

    /// Adds the VLAN tags inside the bytes to `tags`.
    init(_ bytes: RawSpan, _ layout: PacketLayout, _ tags: inout VLANTags) {
        // Limited to the bytes: any offset beyond has the same effect, and none can overflow.
        offset = min(max(layout.networkOffset, 0), bytes.byteCount)
        etherType = layout.etherType
        if EtherType.isVLAN(etherType) {
            passTags(bytes, isCertain: layout.startsAtLink, &tags)
        } else if etherType == 0 {
            etherType = Self.guess(bytes, offset)
        }
    }

    /// Skips the tags. After an Ethernet header, a VLAN ethertype means that a tag follows. Otherwise the network
    /// header may already be after the tag, as in the output path: then only the following bytes decide.
    private mutating func passTags(_ bytes: RawSpan, isCertain: Bool, _ tags: inout VLANTags) {
        var end = offset
        var found = tags
        let next = skipVLANTags(bytes, etherType, at: &end, into: &found)
        if isCertain || next == EtherType.ipv4 || next == EtherType.ipv6 || next == EtherType.arp {
            tags = found
            offset = end
            etherType = next ?? 0
            isTruncated = next == nil
        } else {
            etherType = Self.guess(bytes, offset)
        }
    }

    /// Uses the version nibble, the only indication if the kernel has not set skb->protocol yet.
    private static func guess(_ bytes: RawSpan, _ offset: Int) -> UInt16 {
        guard let first = bytes.u8(offset) else { return 0 }
        return switch first >> 4 {
        case 4 where first & 0x0f >= 5: EtherType.ipv4
        case 6: EtherType.ipv6
        default: 0
        }
    }
}
