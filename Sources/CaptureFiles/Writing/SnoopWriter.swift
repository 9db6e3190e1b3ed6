public import Text

/// Makes files of snoop (RFC 1761): one interface, times in microseconds, and the packets lost so far.
public struct SnoopWriter {
    private let linkType: UInt32
    private var drops: UInt32 = 0

    /// Returns nil for link types that the format has no number for.
    public init?(linkType: LinkType) {
        guard let number = linkType.snoop else { return nil }
        self.linkType = number
    }

    public func appendHeader(to buffer: inout ByteBuffer) {
        buffer.append(contentsOf: CaptureFormat.snoopMagic)
        buffer.append(UInt32(2), .bigEndian)
        buffer.append(linkType, .bigEndian)
    }

    /// Appends a packet, whose link type is that of the file.
    public mutating func append(_ packet: borrowing PacketView, to buffer: inout ByteBuffer) {
        let (seconds, nanoseconds) = packet.secondsAndNanoseconds
        let bytes = packet.writtenBytes
        drops = UInt32(clamping: UInt64(drops).addingClamped(packet.dropped ?? 0))
        buffer.append(UInt32(clamping: packet.wireLength), .bigEndian)
        buffer.append(UInt32(bytes.byteCount), .bigEndian)
        buffer.append(UInt32(SnoopParser.packetHeaderSize + bytes.byteCount.roundedUpTo4), .bigEndian)
        buffer.append(drops, .bigEndian)
        buffer.append(seconds, .bigEndian)
        buffer.append(nanoseconds / 1000, .bigEndian)
        buffer.append(bytes)
        buffer.pad(after: bytes.byteCount)
    }
}
