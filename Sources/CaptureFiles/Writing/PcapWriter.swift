public import Text

/// Makes classic pcap files: one interface, without direction or comments.
public struct PcapWriter {
    private let linkType: LinkType
    private let snapshotLength: UInt32
    let isNanoseconds: Bool
    let order: ByteOrder

    /// - Parameters:
    ///   - snapshotLength: the most bytes of a packet; 0 for the limit of readers.
    ///   - isNanoseconds: the variant of the format with nanoseconds, which some readers do not know.
    public init(linkType: LinkType, snapshotLength: UInt32 = 0, isNanoseconds: Bool = false) {
        self.init(linkType, snapshotLength, isNanoseconds: isNanoseconds, .littleEndian)
    }

    init(_ linkType: LinkType, _ snapshotLength: UInt32, isNanoseconds: Bool, _ order: ByteOrder) {
        self.linkType = linkType
        self.snapshotLength = snapshotLength == 0 ? UInt32(CaptureReader.packetLimit) : snapshotLength
        self.isNanoseconds = isNanoseconds
        self.order = order
    }

    public func appendHeader(to buffer: inout ByteBuffer) {
        buffer.append(isNanoseconds ? PcapMagic.nanoseconds : PcapMagic.microseconds, order)
        buffer.append(UInt16(2), order)
        buffer.append(UInt16(4), order)
        // The zone and the accuracy of times: no program writes them.
        buffer.append(UInt64(0), order)
        buffer.append(snapshotLength, order)
        buffer.append(UInt32(linkType.rawValue), order)
    }

    /// Appends a packet, whose link type is that of the file.
    public func append(_ packet: borrowing PacketView, to buffer: inout ByteBuffer) {
        let (seconds, nanoseconds) = packet.secondsAndNanoseconds
        let bytes = packet.writtenBytes
        buffer.append(seconds, order)
        buffer.append(isNanoseconds ? nanoseconds : nanoseconds / 1000, order)
        buffer.append(UInt32(bytes.byteCount), order)
        buffer.append(UInt32(clamping: packet.wireLength), order)
        buffer.append(bytes)
    }
}
