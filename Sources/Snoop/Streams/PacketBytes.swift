import Protocols

/// The bytes of a packet: those that were received, and those that its layers refer to.
public struct PacketBytes: ~Escapable {
    public let received: RawSpan
    /// With the data of other packets, if the layers go on in data of several packets.
    public let decoded: RawSpan
    /// Where they do so, as an offset in both; nil for a packet of its own.
    public let joinedFrom: Int?

    @_lifetime(copy received, copy decoded)
    init(_ received: RawSpan, decoded: RawSpan, joinedFrom: Int?) {
        self.received = received
        self.decoded = decoded
        self.joinedFrom = joinedFrom
    }

    /// A packet of its own.
    @_lifetime(copy packet)
    public init(_ packet: RawSpan) {
        received = packet
        decoded = packet
        joinedFrom = nil
    }

    /// The bytes after the last header: for data of several packets, those that this packet brought.
    func data(after layers: borrowing PacketLayers) -> Range<Int> {
        let start = min(joinedFrom ?? layers.payload.lowerBound, received.byteCount)
        return start..<max(start, min(layers.payload.upperBound, received.byteCount))
    }
}
