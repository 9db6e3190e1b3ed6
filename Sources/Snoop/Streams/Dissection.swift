public import Protocols

/// Packets → layers, with what several packets bring joined: fragments of IP, and messages of TCP streams.
public struct Dissection: ~Copyable {
    public private(set) var layers: PacketLayers
    private var fragments = FragmentAssembly()
    private var messages = MessageAssembly()
    private var analysis: ConnectionAnalysis?
    /// The bytes that the layers refer to, if they are not those of the packet.
    private var joined: [UInt8] = []
    private var usesJoined = false
    /// Where the layers go on in the data of several packets.
    private var joinedFrom: Int?

    /// - Parameter analyses: whether segments of TCP get a layer `tcp.analysis`.
    public init(_ assignments: PortAssignments = PortAssignments(), analyses: Bool = false) {
        layers = PacketLayers(assignments)
        analysis = analyses ? ConnectionAnalysis() : nil
    }

    /// Bytes of packets that wait for others.
    public var waitingSize: Int { fragments.size + messages.size }

    /// Takes the next packet.
    ///
    /// - Parameters:
    ///   - wireLength: bytes on the wire.
    ///   - time: nanoseconds since 1970.
    public mutating func take(_ packet: RawSpan, from first: ProtocolNumber, wireLength: Int, time: Int64?) {
        joinedFrom = nil
        layers.walk(packet, from: first, length: wireLength)
        var whole: [UInt8] = []
        if let start = fragments.take(&layers, packet, time: time, message: &whole) {
            joinedFrom = start
            if !takeSegment(time, whole.span.bytes) { swap(&joined, &whole) }
            usesJoined = true
        } else {
            usesJoined = takeSegment(time, packet)
        }
    }

    /// The bytes of the packet that was taken last.
    @_lifetime(copy packet, borrow self)
    public func bytes(of packet: RawSpan) -> PacketBytes {
        PacketBytes(packet, decoded: usesJoined ? joined.span.bytes : packet, joinedFrom: joinedFrom)
    }

    /// Returns whether the layers refer to `joined` now.
    private mutating func takeSegment(_ time: Int64?, _ bytes: RawSpan) -> Bool {
        guard let segment = Segment(layers, bytes) else { return false }
        let isMessage = messages.take(segment, &layers, bytes, message: &joined)
        if isMessage { joinedFrom = segment.data.lowerBound }
        guard let result = analysis?.take(segment, time: time) else { return isMessage }
        if !isMessage {
            joined.removeAll(keepingCapacity: true)
            bytes.withUnsafeBytes { joined.append(contentsOf: $0) }
        }
        layers.insert(TCPAnalysis.place, after: segment.layer, start: joined.count, length: TCPAnalysis.size)
        result.append(to: &joined)
        return true
    }
}
