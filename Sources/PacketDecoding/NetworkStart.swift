/// Where the L3 header is and what it is, once VLAN tags inside the bytes are passed.
struct NetworkStart {
    var offset: Int
    var etherType: UInt16
    var isTruncated = false

    /// Adds the VLAN tags inside the bytes to `tags`.
    init(_ bytes: RawSpan, _ layout: PacketLayout, _ tags: inout VLANTags) {
        // Beyond the bytes all offsets are alike; within bounds none can overflow.
        offset = min(max(layout.networkOffset, 0), bytes.byteCount)
        etherType = layout.etherType
        if EtherType.isVLAN(etherType) {
            passTags(bytes, isCertain: layout.startsAtLink, &tags)
        } else if etherType == 0 {
            etherType = Self.guess(bytes, offset)
        }
    }

    /// After an Ethernet header a VLAN ethertype means that a tag comes next. Without one the network header may also
    /// be set behind the tag already, as on the way out: then only what follows can tell.
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

    /// The version nibble is all there is where the kernel has not set skb->protocol yet.
    private static func guess(_ bytes: RawSpan, _ offset: Int) -> UInt16 {
        guard let first = bytes.u8(offset) else { return 0 }
        return switch first >> 4 {
        case 4 where first & 0x0f >= 5: EtherType.ipv4
        case 6: EtherType.ipv6
        default: 0
        }
    }
}
