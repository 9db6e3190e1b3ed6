/// The first four bytes of a pcap file.
struct PcapMagic {
    static let microseconds: UInt32 = 0xa1b2_c3d4
    static let nanoseconds: UInt32 = 0xa1b2_3c4d

    let order: ByteOrder
    let isNanoseconds: Bool

    /// - Parameter magic: the bytes as a big-endian number.
    init?(_ magic: UInt32) {
        switch magic {
        case Self.microseconds: (order, isNanoseconds) = (.bigEndian, false)
        case Self.nanoseconds: (order, isNanoseconds) = (.bigEndian, true)
        case Self.microseconds.byteSwapped: (order, isNanoseconds) = (.littleEndian, false)
        case Self.nanoseconds.byteSwapped: (order, isNanoseconds) = (.littleEndian, true)
        default: return nil
        }
    }
}

/// Classic pcap files:
///
///     file   = magic | major u16 | minor u16 | zone u32 | accuracy u32 | snapshot length u32 | link type u32, packets
///     packet = seconds u32 | fraction u32 | captured u32 | on the wire u32 | bytes
struct PcapParser: CaptureParser {
    private static let headerSize = 24
    private static let packetHeaderSize = 16

    /// The header of a packet.
    private struct Header {
        let seconds: Int64
        let part: Int64
        let captured: Int
        let length: Int

        @inline(__always)
        init(_ bytes: RawSpan, _ order: ByteOrder) {
            seconds = Int64(bytes.u32(0, order))
            part = Int64(bytes.u32(4, order))
            captured = Int(bytes.u32(8, order))
            length = Int(bytes.u32(12, order))
        }
    }

    private let order: ByteOrder
    /// Nanoseconds of one unit of a time's second part.
    private let fraction: Int64
    private let linkType: LinkType

    init(_ input: inout CaptureInput, _ contents: inout CaptureContents) throws(CaptureFault) {
        guard try input.require(Self.headerSize) >= Self.headerSize,
            let magic = PcapMagic(input.bytes.u32(0, .bigEndian))
        else { throw .truncated("the header of a pcap file") }
        order = magic.order
        fraction = magic.isNanoseconds ? 1 : 1000
        // Before version 2.3 both lengths of a packet were in the other order.
        let version = (major: input.bytes.u16(4, order), minor: input.bytes.u16(6, order))
        guard version.major == 2, version.minor >= 3 else {
            throw CaptureFault(.unsupported("version \(version.major).\(version.minor) of pcap"))
        }
        linkType = LinkType(pcap: input.bytes.u32(20, order))
        contents.interfaces = [CaptureInterface(linkType: linkType, snapshotLength: input.bytes.u32(16, order))]
        input.consume(Self.headerSize)
    }

    mutating func next(
        _ input: inout CaptureInput, _ record: inout PacketRecord, _ contents: inout CaptureContents
    ) throws(CaptureFault) -> Bool {
        let ready = try input.require(Self.packetHeaderSize)
        guard ready > 0 else { return false }
        guard ready >= Self.packetHeaderSize else { throw .truncated("the header of a packet") }
        let header = Header(input.bytes, order)
        try requirePacket(header.captured, after: Self.packetHeaderSize, &input)
        input.consume(Self.packetHeaderSize)
        record.bytes = input.consume(header.captured)
        record.wireLength = header.length
        record.time = header.seconds * 1_000_000_000 + header.part * fraction
        record.linkType = linkType
        return true
    }
}

/// Waits for a record's header and the packet after it, unless the packet is too large.
@inline(__always)
func requirePacket(_ captured: Int, after header: Int, _ input: inout CaptureInput) throws(CaptureFault) {
    guard captured <= CaptureReader.packetLimit else {
        throw .malformed("a packet of \(captured) bytes, and none has more than \(CaptureReader.packetLimit)")
    }
    guard try input.require(header + captured) >= header + captured else {
        throw .truncated("a packet of \(captured) bytes")
    }
}
