/// The places of the parts of a packet with a long header (RFC 9000, section 17.2).
struct QUICPacket {
    let version: UInt32
    /// 0 Initial, 1 0-RTT, 2 Handshake, 3 Retry, in both versions; nil for version negotiation.
    let type: UInt8?
    let destination: Range<Int>
    let source: Range<Int>
    var token: Range<Int>?
    /// Bytes of the number of the packet and its payload.
    var length: Int?
    var payload: Range<Int>?
    let end: Int

    static let version2: UInt32 = 0x6b33_43cf

    static func isKnown(_ version: UInt32) -> Bool { version == 1 || version == version2 }

    /// Nil if the bytes that say where the parts are were not captured.
    init?(_ header: borrowing HeaderBytes) {
        guard let first = header.u8(0), let version = header.u32(1), let size = header.u8(5),
            let other = header.u8(6 + Int(size))
        else { return nil }
        self.version = version
        destination = 6..<6 + Int(size)
        source = destination.upperBound + 1..<destination.upperBound + 1 + Int(other)
        let bits = first >> 4 & 3
        guard version != 0 else {
            type = nil
            end = header.length
            return
        }
        let type = version == Self.version2 ? (bits + 3) % 4 : bits
        self.type = type
        var offset = source.upperBound
        // A retry is a token and a tag of 16 bytes.
        if type == 3 {
            token = Range(from: offset, to: header.length - 16)
            end = header.length
            return
        }
        if type == 0 {
            guard let (count, size) = Self.number(header, at: offset) else { return nil }
            token = offset + size..<offset + size + count
            offset += size + count
        }
        guard let (length, size) = Self.number(header, at: offset) else { return nil }
        self.length = length
        payload = offset + size..<offset + size + length
        end = offset + size + length
    }

    /// A number whose first two bits say how many bytes it has (RFC 9000, section 16), and its size.
    static func number(_ header: borrowing HeaderBytes, at offset: Int) -> (value: Int, size: Int)? {
        guard let first = header.u8(offset) else { return nil }
        let size = 1 << Int(first >> 6)
        guard let value = header.number(offset, size) else { return nil }
        let number = value & (UInt64.max >> UInt64(66 - 8 * size))
        return number < 1 << 31 ? (Int(number), size) : nil
    }
}
