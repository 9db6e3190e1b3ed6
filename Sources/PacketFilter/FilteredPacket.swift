/// A packet as a filter sees it in user space: the same view that struct nt_filter_ctx gives in the kernel.
public struct FilteredPacket: ~Escapable {
    /// The Ethernet header, or 14 meaningless bytes, then the captured bytes from L3 on.
    let frame: RawSpan
    let facts: PacketView.Facts

    /// - Parameters:
    ///   - frame: 14 bytes for the Ethernet header, then the packet from L3 on.
    ///   - hasEthernet: whether the first 14 bytes are an Ethernet header.
    ///   - etherType: of the L3 header.
    ///   - length: bytes of the whole packet from L3 on.
    ///   - tag: the VLAN tag that the kernel keeps beside the packet, for filters that look at tags.
    @_lifetime(copy frame)
    public init(
        frame: RawSpan, hasEthernet: Bool, etherType: UInt16, length: Int, tag: (etherType: UInt16, tci: UInt16)? = nil
    ) {
        self.frame = frame
        facts = PacketView.Facts(
            hasEthernet: hasEthernet, etherType: etherType, length: UInt32(clamping: length), tag: tag)
    }
}
