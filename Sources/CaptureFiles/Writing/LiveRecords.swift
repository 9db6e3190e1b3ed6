public import Text

/// Records of packets that are written while they arrive: made from their parts, a few words at a time, since a capture
/// makes millions a second.
extension PcapNGWriter {
    /// Appends a packet without comments, of an interface of the section.
    ///
    /// - Parameters:
    ///   - bytes: at most `CaptureReader.packetLimit`; the rest is left out.
    ///   - time: nanoseconds since 1970.
    ///   - flags: epb_flags.
    public func append(
        live bytes: RawSpan, wireLength: Int, time: Int64, interface: Int, flags: UInt32, to buffer: inout ByteBuffer
    ) {
        guard order == .littleEndian else {
            let direction = PacketView.Direction(rawValue: UInt8(flags & 3)) ?? .unknown
            let view = PacketView(
                bytes, wireLength: wireLength, time: time, interface: interface, direction: direction)
            return append(view, flags: flags, to: &buffer)
        }
        let captured = min(bytes.byteCount, CaptureReader.packetLimit)
        let flagSize = flags == 0 ? 0 : 8
        // The head, the packet, its flags, the end of the options, and the size once more.
        let size = UInt64(28 + captured.roundedUpTo4 + flagSize + 8)
        let ticks = UInt64(clamping: time)
        buffer.append(UInt64(PcapNGBlock.packet) | size << 32, size: 8)
        buffer.append(UInt64(UInt32(clamping: interface)) | (ticks & ~0xffff_ffff), size: 8)
        buffer.append(UInt64(UInt32(truncatingIfNeeded: ticks)) | UInt64(captured) << 32, size: 8)
        buffer.append(UInt64(UInt32(clamping: max(wireLength, bytes.byteCount))), size: 4)
        buffer.append(captured == bytes.byteCount ? bytes : bytes.extracting(first: captured))
        buffer.append(0, size: captured.roundedUpTo4 - captured)
        if flags != 0 { buffer.append(UInt64(OptionCode.packetFlags) | 4 << 16 | UInt64(flags) << 32, size: 8) }
        buffer.append(UInt64(OptionCode.end) | size << 32, size: 8)
    }
}

extension PcapWriter {
    /// Appends a packet, whose link type is that of the file.
    public func append(live bytes: RawSpan, wireLength: Int, time: Int64, to buffer: inout ByteBuffer) {
        guard order == .littleEndian else {
            return append(PacketView(bytes, wireLength: wireLength, time: time), to: &buffer)
        }
        let captured = min(bytes.byteCount, CaptureReader.packetLimit)
        let (seconds, nanoseconds) = UInt64(clamping: time).quotientAndRemainder(dividingBy: 1_000_000_000)
        let part = isNanoseconds ? nanoseconds : nanoseconds / 1000
        buffer.append(UInt64(UInt32(clamping: seconds)) | part << 32, size: 8)
        buffer.append(UInt64(captured) | UInt64(UInt32(clamping: max(wireLength, bytes.byteCount))) << 32, size: 8)
        buffer.append(captured == bytes.byteCount ? bytes : bytes.extracting(first: captured))
    }
}
