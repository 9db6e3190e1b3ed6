public import Text

extension PacketReport {
    /// Appends the last lines: counts, and the packets that the capture lost.
    public func appendEnd(read: UInt64, printed: UInt64, dropped: UInt64, to buffer: inout ByteBuffer) {
        buffer.appendDecimal(read)
        buffer.append(read == 1 ? " packet read, " : " packets read, ")
        buffer.appendDecimal(printed)
        buffer.append(" displayed")
        if options.validatesChecksums {
            buffer.append(", ")
            buffer.appendDecimal(wrongChecksums)
            buffer.append(" with a wrong checksum")
        }
        buffer.append("\n")
        guard dropped > 0 else { return }
        buffer.append("TRACING DROPPED ")
        buffer.appendDecimal(dropped)
        buffer.append(" PACKETS\n")
    }
}
