/// One packet of a capture file, borrowed from its reader until the next packet is read.
public struct PacketView: ~Escapable {
    /// Whether the packet entered or left the machine.
    public enum Direction: UInt8, Sendable {
        case unknown, inbound, outbound
    }

    /// The captured bytes, from the link header on.
    public let bytes: RawSpan
    /// Bytes on the wire; never fewer than those captured.
    public let wireLength: Int
    /// Nanoseconds since 1970; nil if the file does not say (simple packets of pcapng), or a value beyond 2262.
    public let time: Int64?
    public let linkType: LinkType
    /// The index in `CaptureReader.interfaces`.
    public let interface: Int
    public let direction: Direction
    /// Packets that were lost between the preceding packet of the file (pcapng: of the interface) and this one; nil if
    /// the file does not say.
    public let dropped: UInt64?
    /// Options of pcapng, comments among them; empty for other formats.
    public let options: CaptureOptions

    /// - Parameter wireLength: nil for as many as `bytes` has.
    @_lifetime(copy bytes)
    public init(
        _ bytes: RawSpan, wireLength: Int? = nil, time: Int64?, linkType: LinkType = .ethernet, interface: Int = 0,
        direction: Direction = .unknown, dropped: UInt64? = nil
    ) {
        self.bytes = bytes
        self.wireLength = max(wireLength ?? 0, bytes.byteCount)
        self.time = time
        self.linkType = linkType
        self.interface = interface
        self.direction = direction
        self.dropped = dropped
        options = CaptureOptions(bytes.extracting(first: 0), .littleEndian)
    }

    @_lifetime(copy buffer)
    init(_ record: PacketRecord, in buffer: RawSpan) {
        bytes = buffer.extracting(record.bytes)
        wireLength = max(record.wireLength, record.bytes.count)
        time = record.time
        linkType = record.linkType
        interface = record.interface
        direction = record.direction
        dropped = record.dropped
        options = CaptureOptions(buffer.extracting(record.options), record.order)
    }
}

/// The place of a packet in the input's buffer, and all that its record says about it.
struct PacketRecord {
    /// Of the record, in the file.
    var offset: UInt64 = 0
    var bytes = 0..<0
    var wireLength = 0
    var time: Int64?
    var linkType = LinkType.unknown
    var interface = 0
    var direction = PacketView.Direction.unknown
    var dropped: UInt64?
    var options = 0..<0
    var order = ByteOrder.littleEndian
}
