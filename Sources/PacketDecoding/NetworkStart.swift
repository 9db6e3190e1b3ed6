/// Where the L3 header is and what it is, from what the kernel says and what the bytes show.
struct NetworkStart {
    var offset: Int
    var etherType: UInt16
    var isTruncated = false

    /// Adds the VLAN tags inside the bytes to `tags`.
    init(_ bytes: RawSpan, _ layout: PacketLayout, _ ethernet: EthernetHeader?, _ tags: inout VLANTags) {
        // Beyond the bytes all offsets are alike; within bounds none can overflow.
        offset = min(max(layout.networkOffset, 0), bytes.byteCount)
        etherType = layout.etherType
        if layout.startsAtLink {
            followLink(bytes, ethernet, &tags)
        } else if EtherType.isVLAN(etherType) {
            followTag(bytes, &tags)
        }
        if etherType == 0 {
            etherType = Self.guess(bytes, offset)
        }
    }

    /// While a frame is received its network header points at the VLAN tag; once the tag is passed, at the L3 header.
    /// The frame itself settles it. A kernel offset beyond the tags (MPLS, PPPoE) stands.
    private mutating func followLink(_ bytes: RawSpan, _ ethernet: EthernetHeader?, _ tags: inout VLANTags) {
        var end = EthernetHeader.size
        guard let ethernet, let found = skipVLANTags(bytes, ethernet.etherType, at: &end, into: &tags) else {
            isTruncated = true
            return
        }
        let kernelKnows = offset >= end && etherType != 0 && !EtherType.isVLAN(etherType)
        if !kernelKnows {
            offset = end
            etherType = found
        }
    }

    /// Without a link header a VLAN ethertype may mean that the tag comes first or that it is already passed.
    private mutating func followTag(_ bytes: RawSpan, _ tags: inout VLANTags) {
        var end = offset
        var found = VLANTags()
        let next = skipVLANTags(bytes, etherType, at: &end, into: &found)
        if let next, next == EtherType.ipv4 || next == EtherType.ipv6 || next == EtherType.arp {
            etherType = next
            offset = end
            if let tag = found.first { tags.append(tag) }
            if let tag = found.second { tags.append(tag) }
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
