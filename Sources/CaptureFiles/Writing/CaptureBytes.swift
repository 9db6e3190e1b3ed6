import Text

/// Numbers of capture files.
extension ByteBuffer {
    @inline(__always)
    mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ value: Number, _ order: ByteOrder) {
        let ordered = order == .bigEndian ? value.byteSwapped : value
        append(UInt64(ordered), size: MemoryLayout<Number>.size)
    }

    /// Appends zeros so that a size becomes a multiple of 4.
    mutating func pad(after size: Int) {
        append(0, size: size.roundedUpTo4 - size)
    }
}

extension PacketView {
    /// The bytes that a file takes: other readers refuse packets with more than the limit.
    var writtenBytes: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(first: CaptureReader.packetLimit) }
    }

    /// Whole seconds since 1970, and nanoseconds. A file without signs has no times before 1970 or after 2106.
    var secondsAndNanoseconds: (UInt32, UInt32) {
        let (seconds, nanoseconds) = UInt64(clamping: time ?? 0).quotientAndRemainder(dividingBy: 1_000_000_000)
        return (UInt32(clamping: seconds), UInt32(nanoseconds))
    }
}
