public import Events
public import Protocols

extension Packet {
    /// Decodes the packet bytes of an event; nil if it has none.
    public init?(_ event: EventView) {
        self.init()
        guard decode(event) else { return nil }
    }

    /// Decodes the packet that a BPF program has made of the packet of `event` into this value. Returns false, leaving the
    /// value unchanged, if its bytes could not be read.
    public mutating func decode(_ run: RunSection, of event: EventView) -> Bool {
        guard run.packet.byteCount > 0 else { return false }
        let tag = run.vlanTag.map { VLANTag(etherType: $0.etherType, tci: $0.tci) }
        let startsAtLink = event.flags.contains(.link)
        let before = startsAtLink ? PacketSection.networkOffset : 0
        decode(
            run.packet,
            layout: PacketLayout(
                startsAtLink: startsAtLink, networkOffset: PacketSection.networkOffset, etherType: run.etherType,
                vlanTag: tag, length: max(0, Int(run.length) - before)))
        return true
    }

    /// Decodes the packet bytes of an event into this value. Returns false, leaving the value unchanged, if the event
    /// has none.
    public mutating func decode(_ event: EventView) -> Bool {
        guard let section = event.packet else { return false }
        let tag = event.vlanTag.map { VLANTag(etherType: $0.etherType, tci: $0.tci) }
        decode(
            section.bytes,
            layout: PacketLayout(
                startsAtLink: event.flags.contains(.link), networkOffset: PacketSection.networkOffset,
                etherType: event.etherType, vlanTag: tag, length: max(0, Int(event.length) + event.dataOffset)))
        return true
    }
}
