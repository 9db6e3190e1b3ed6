/// Files of snoop, RFC 1761, with big-endian numbers:
///
///     file   = "snoop\0\0\0" | version u32 | link type u32, packets
///     packet = on the wire u32 | captured u32 | record u32 | drops so far u32 | seconds u32 | microseconds u32 | bytes, padding
struct SnoopParser: CaptureParser {
    static let headerSize = 16
    static let packetHeaderSize = 24

    /// The header of a packet.
    private struct Header {
        let length: Int
        let captured: Int
        let size: Int
        let drops: UInt32
        let seconds: Int64
        let microseconds: Int64

        @inline(__always)
        init(_ bytes: RawSpan) {
            length = Int(bytes.u32(0, .bigEndian))
            captured = Int(bytes.u32(4, .bigEndian))
            size = Int(bytes.u32(8, .bigEndian))
            drops = bytes.u32(12, .bigEndian)
            seconds = Int64(bytes.u32(16, .bigEndian))
            microseconds = Int64(bytes.u32(20, .bigEndian))
        }
    }

    private let linkType: LinkType
    /// The drops that the last packet reported.
    private var drops: UInt32 = 0
    /// Bytes between the last packet and the next record.
    private var padding: UInt64 = 0

    init(_ input: inout CaptureInput, _ contents: inout CaptureContents) throws(CaptureFault) {
        guard try input.require(Self.headerSize) >= Self.headerSize else {
            throw .truncated("the header of a snoop file")
        }
        let version = input.bytes.u32(8, .bigEndian)
        guard version == 2 else { throw CaptureFault(.unsupported("version \(version) of snoop")) }
        linkType = LinkType(snoop: input.bytes.u32(12, .bigEndian))
        contents.interfaces = [CaptureInterface(linkType: linkType)]
        input.consume(Self.headerSize)
    }

    mutating func next(
        _ input: inout CaptureInput, _ record: inout PacketRecord, _ contents: inout CaptureContents
    ) throws(CaptureFault) -> Bool {
        guard try input.skip(padding) else { throw .truncated("the padding of a packet") }
        record.offset = input.offset
        let ready = try input.require(Self.packetHeaderSize)
        guard ready > 0 else { return false }
        guard ready >= Self.packetHeaderSize else { throw .truncated("the header of a packet") }
        let header = Header(input.bytes)
        guard header.size >= Self.packetHeaderSize + header.captured else {
            throw .malformed("a record of \(header.size) bytes with a packet of \(header.captured)")
        }
        try requirePacket(header.captured, after: Self.packetHeaderSize, &input)
        input.consume(Self.packetHeaderSize)
        record.bytes = input.consume(header.captured)
        padding = UInt64(header.size - Self.packetHeaderSize - header.captured)
        record.wireLength = header.length
        record.time = header.seconds * 1_000_000_000 + header.microseconds * 1000
        record.linkType = linkType
        // The count starts anew where files were joined.
        let lost = UInt64(header.drops >= drops ? header.drops - drops : header.drops)
        drops = header.drops
        record.dropped = lost
        contents.droppedBetweenPackets = contents.droppedBetweenPackets.addingClamped(lost)
        return true
    }
}

extension LinkType {
    /// Link types of snoop and the LINKTYPE_ numbers that have the same bytes.
    private static let ofSnoop: [(snoop: UInt32, type: LinkType)] = [
        (4, .ethernet), (0, .ethernet), (2, .tokenRing), (8, .fddi),
    ]

    init(snoop value: UInt32) {
        self = Self.ofSnoop.first { $0.snoop == value }?.type ?? .unknown
    }

    /// The number of the link type in snoop files; nil if snoop has no number for it.
    var snoop: UInt32? { Self.ofSnoop.first { $0.type == self }?.snoop }
}
