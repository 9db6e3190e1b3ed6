public import Events
public import PacketDecoding

extension Packet {
    /// Decodes the packet bytes of an event; nil if it has none.
    public init?(_ event: EventView) {
        guard let section = event.packet else { return nil }
        let tag = event.vlanTag.map { VLANTag(etherType: $0.etherType, tci: $0.tci) }
        self.init(
            decoding: section.bytes,
            layout: PacketLayout(
                startsAtLink: event.flags.contains(.link), networkOffset: PacketSection.networkOffset,
                etherType: event.etherType, vlanTag: tag, length: max(0, Int(event.length) + event.dataOffset)))
    }
}
