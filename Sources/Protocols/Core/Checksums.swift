/// The result of checking the checksum of a header.
public enum ChecksumState: String, Sendable {
    case good, bad
    /// A device was to fill it in after the capture: the field has the sum of the pseudo header alone
    /// (CHECKSUM_PARTIAL in include/linux/skbuff.h), or in IPv4 0.
    case offloaded
    /// A datagram over IPv4 without a checksum.
    case none
}

extension PacketLayers {
    /// The state of a layer's checksum; nil if it has none, or if bytes are missing that it covers: those of other
    /// fragments, of a quoted packet, or beyond the captured ones.
    public func checksum(ofLayer index: Int, in bytes: RawSpan) -> ChecksumState? {
        guard layers.indices.contains(index) else { return nil }
        let layer = layers[index]
        guard !layer.isTruncated, let size = layer.headerLength else { return nil }
        switch layer.kind.name {
        case "ip":
            if bytes.u16(layer.start + 10) == 0 { return .offloaded }
            return state(of: bytes, layer.start..<layer.start + size)
        case "icmp":
            guard network(of: index, in: bytes) != nil else { return nil }
            return state(of: bytes, layer.start..<layer.start + layer.length)
        case "tcp": return transport(index, field: 16, number: IPProtocol.tcp, in: bytes)
        case "udp": return transport(index, field: 6, number: IPProtocol.udp, in: bytes)
        case "icmp6": return transport(index, field: 2, number: IPProtocol.icmpv6, in: bytes)
        default: return nil
        }
    }

    private func transport(_ index: Int, field: Int, number: UInt8, in bytes: RawSpan) -> ChecksumState? {
        let layer = layers[index]
        guard let network = network(of: index, in: bytes), let stored = bytes.u16(layer.start + field) else {
            return nil
        }
        let isIPv6 = network.kind.name == "ip6"
        if stored == 0, number == IPProtocol.udp { return isIPv6 ? .bad : ChecksumState.none }
        let addresses = isIPv6 ? network.start + 8..<network.start + 40 : network.start + 12..<network.start + 20
        let message = layer.start..<layer.start + layer.length
        guard max(addresses.upperBound, message.upperBound) <= bytes.byteCount else { return nil }
        var sum = InternetChecksum()
        sum.add(bytes.extracting(addresses))
        sum.add(UInt128(layer.length) + UInt128(number))
        let pseudoheader = sum.folded
        sum.add(bytes.extracting(message))
        if sum.isCorrect { return .good }
        return stored == pseudoheader ? .offloaded : .bad
    }

    /// The network header around a layer, if the layer reaches to the end of an unfragmented packet.
    private func network(of index: Int, in bytes: RawSpan) -> Layer? {
        let layer = layers[index]
        guard let place = layers[..<index].lastIndex(where: { $0.kind.base == .network && $0.depth == layer.depth })
        else {
            return nil
        }
        let network = layers[place]
        let end: Int
        if network.kind.name == "ip" {
            guard let length = bytes.u16(network.start + 2), length > 0, let fragment = bytes.u16(network.start + 6),
                fragment & 0x3fff == 0
            else { return nil }
            end = network.start + Int(length)
        } else {
            // A routing header replaces the destination, a fragment header leaves a part.
            let hasOthers = layers[place..<index].contains { ["ip6.rthdr", "ip6.frag"].contains($0.kind.name) }
            guard network.kind.name == "ip6", !hasOthers, let length = bytes.u16(network.start + 4), length > 0 else {
                return nil
            }
            end = network.start + 40 + Int(length)
        }
        return layer.start + layer.length == end ? network : nil
    }

    /// nil beyond the captured bytes.
    private func state(of bytes: RawSpan, _ range: Range<Int>) -> ChecksumState? {
        guard range.upperBound <= bytes.byteCount else { return nil }
        var sum = InternetChecksum()
        sum.add(bytes.extracting(range))
        return sum.isCorrect ? .good : .bad
    }
}
