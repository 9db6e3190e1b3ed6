/// One header of a packet.
public struct Layer: Equatable, Sendable {
    /// Place in `ProtocolTable.all`.
    public let place: Int
    /// Offset of the header in the packet's bytes.
    public let start: Int
    /// Bytes of the header as it states; nil if the bytes that state it were not captured.
    public let headerLength: Int?
    /// Bytes on the wire from the header's first byte to the end of its packet.
    public let length: Int
    /// The number of packets around this header: 1 inside a tunnel or the quote of an ICMP error.
    public let depth: Int
    /// Whether the captured bytes end inside the header.
    public let isTruncated: Bool

    public var kind: PacketProtocol { ProtocolTable.all[place] }
}

/// The headers of a packet, found by walking from one to the next: any bytes give some layers, and each is inside them.
public struct PacketLayers: Sendable {
    public private(set) var layers: [Layer] = []
    /// The captured bytes after the last header, inside its packet: data without a protocol here.
    public private(set) var payload = 0..<0

    /// A packet's headers and tunnels are fewer; a longer chain of tags or labels counts as data from here on.
    static let limit = 32

    /// Protocols that ports announce besides those of the table, and before them (`--decode`).
    private let assignments: PortAssignments

    public init(_ assignments: PortAssignments = PortAssignments()) { self.assignments = assignments }

    /// - Parameter length: bytes on the wire; nil for as many as were captured.
    public init(_ bytes: RawSpan, from first: ProtocolNumber, length: Int? = nil) {
        self.init()
        walk(bytes, from: first, length: length)
    }

    /// Replaces the layers by those of another packet, in the same memory.
    public mutating func walk(_ bytes: RawSpan, from first: ProtocolNumber, length: Int? = nil) {
        layers.removeAll(keepingCapacity: true)
        // Sums of offsets stay far from overflow, whatever length the caller was given.
        let rest = min(max(length ?? bytes.byteCount, bytes.byteCount), Int(UInt32.max))
        follow(NextHeader(first), bytes, start: 0, rest: rest, depth: 0, hasNetwork: false)
    }

    /// Replaces the layers after one by those of a message that several packets brought.
    ///
    /// - Parameters:
    ///   - bytes: the packet up to the end of the layer's header, and the message from `start` on.
    ///   - number: announces the message, or `second` does; nil for the protocol that the layer itself announces.
    public mutating func resume(
        _ bytes: RawSpan, after index: Int, at start: Int, as number: ProtocolNumber? = nil,
        _ second: ProtocolNumber? = nil
    ) {
        guard layers.indices.contains(index) else { return }
        let layer = layers[index]
        layers.removeSubrange((index + 1)...)
        let announced = layer.kind.next(Self.header(of: layer, in: bytes))
        follow(
            number.map { NextHeader($0, second) } ?? announced?.withoutLength, bytes, start: start,
            rest: max(0, bytes.byteCount - start), depth: layer.depth, hasNetwork: true)
    }

    /// Adds a layer after another one, whose header is not part of the packet.
    ///
    /// - Parameters:
    ///   - place: in `ProtocolTable.all`.
    ///   - start: offset of the header in the bytes that the layers refer to.
    public mutating func insert(_ place: Int, after index: Int, start: Int, length: Int) {
        guard layers.indices.contains(index) else { return }
        layers.insert(
            Layer(
                place: place, start: start, headerLength: length, length: length, depth: layers[index].depth,
                isTruncated: false), at: index + 1)
    }

    /// Walks from a header on to the end of its packet.
    private mutating func follow(
        _ first: NextHeader?, _ bytes: RawSpan, start: Int, rest: Int, depth: Int, hasNetwork: Bool
    ) {
        var (start, rest, depth, hasNetwork, next) = (start, rest, depth, hasNetwork, first)
        while let announced = next, layers.count < Self.limit {
            let header = HeaderBytes(bytes, from: start, length: rest)
            // Where no byte is left on the wire, the packet ends.
            guard rest > 0, let place = announced.place(header, assignments) else { break }
            let kind = ProtocolTable.all[place]
            let isOuter = kind.base == .link || kind.base == .network
            if announced.isQuote || isOuter && hasNetwork {
                depth += 1
                hasNetwork = false
            }
            if kind.base == .network { hasNetwork = true }
            let size = kind.headerLength(header)
            let isTruncated = size.map { $0 > header.capturedCount } ?? true
            layers.append(
                Layer(
                    place: place, start: start, headerLength: size, length: rest, depth: depth,
                    isTruncated: isTruncated))
            guard let size, !isTruncated else {
                payload = start + header.capturedCount..<start + header.capturedCount
                return
            }
            next = kind.next(header)
            start += size
            rest = min(rest - size, max(0, next?.length ?? .max))
            // A header without a byte would be found again and again.
            if size <= 0 { break }
        }
        payload = start..<max(start, min(bytes.byteCount, start + rest))
    }

    /// The bytes of a layer, from its header on.
    @_lifetime(copy bytes)
    public static func header(of layer: Layer, in bytes: RawSpan) -> HeaderBytes {
        HeaderBytes(bytes, from: layer.start, length: layer.length)
    }

    /// The value of a field in the outermost header of its protocol, or in that inside `depth` others; `.absent` if the
    /// packet has no such header.
    public func read(_ field: String, in bytes: RawSpan, depth: Int? = nil) -> FieldReading {
        guard let (place, field) = ProtocolTable.place(ofField: field),
            let layer = layers.first(where: { $0.place == place && (depth == nil || $0.depth == depth) })
        else { return .absent }
        return field.read(Self.header(of: layer, in: bytes))
    }

    /// The outermost header of a protocol.
    public func first(_ name: String) -> Layer? { layers.first { $0.kind.name == name } }
}
