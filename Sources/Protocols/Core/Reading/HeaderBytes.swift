/// The captured bytes from the start of one header on. All reads are checked: bytes that are missing are nil.
public struct HeaderBytes: ~Escapable {
    /// From the header's first byte to the end of its packet, as far as captured.
    let bytes: RawSpan
    /// Bytes on the wire from the header's first byte to the end of its packet, as the headers before it state.
    public let length: Int

    /// - Parameter length: bytes after the end of the packet, such as the padding of a frame, are hidden.
    @_lifetime(copy packet)
    init(_ packet: RawSpan, from start: Int, length: Int) {
        let start = min(max(start, 0), packet.byteCount)
        let captured = min(max(length, 0), packet.byteCount - start)
        bytes = packet.extracting(start..<start + captured)
        self.length = max(length, 0)
    }

    public var capturedCount: Int { bytes.byteCount }

    public func u8(_ offset: Int) -> UInt8? { bytes.u8(offset) }
    public func u16(_ offset: Int) -> UInt16? { bytes.u16(offset) }
    public func u32(_ offset: Int) -> UInt32? { bytes.u32(offset) }

    /// At most 128 bits; nil if they were not captured.
    public func bits(_ bits: ProtocolField.Bits) -> UInt128? { bytes.bits(bits) }

    /// At most 64 bits; nil if they were not captured.
    public func number(bit: Int, _ count: Int) -> UInt64? {
        let first = bit >> 3
        // The fields of most headers are whole words.
        if bit & 7 == 0 {
            switch count {
            case 8: return bytes.u8(first).map(UInt64.init)
            case 16: return bytes.u16(first).map(UInt64.init)
            case 32: return bytes.u32(first).map(UInt64.init)
            case 48: return bytes.u48(first)
            case 64: return bytes.u64(first)
            default: break
            }
        }
        return bits(ProtocolField.Bits(bit, count)).map { UInt64(truncatingIfNeeded: $0) }
    }

    func read(_ bits: ProtocolField.Bits) -> FieldReading {
        self.bits(bits).map { .number($0) } ?? .truncated
    }

    /// A number of whole bytes, at most 16.
    func read(at offset: Int, count: Int) -> FieldReading {
        read(ProtocolField.Bits(offset * 8, count * 8))
    }

    /// A run of bytes.
    func run(_ range: Range<Int>) -> FieldReading {
        range.upperBound <= capturedCount ? .bytes(range) : .truncated
    }

    /// The reading of what ends after the bytes that there are.
    var ending: FieldReading { capturedCount < length ? .truncated : .malformed }

    /// A number of at most 8 bytes whose lowest byte comes first.
    func little(_ offset: Int, _ count: Int) -> UInt64? {
        guard offset >= 0, offset <= capturedCount - count else { return nil }
        var value: UInt64 = 0
        for place in (offset..<offset + count).reversed() { value = value << 8 | UInt64(bytes.u8(place) ?? 0) }
        return value
    }

    /// A number of at most 8 bytes.
    func number(_ offset: Int, _ count: Int) -> UInt64? {
        guard offset >= 0, offset <= capturedCount - count else { return nil }
        var value: UInt64 = 0
        for place in offset..<offset + count { value = value << 8 | UInt64(bytes.u8(place) ?? 0) }
        return value
    }
}

extension Range where Bound == Int {
    /// Up to an end that a packet states: empty if it lies before the start.
    init(from start: Int, to end: Int) { self = start..<Swift.max(start, end) }
}
