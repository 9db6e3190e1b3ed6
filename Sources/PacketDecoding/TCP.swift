/// TCP flags: the lower byte of the flags word (RFC 9293, RFC 3168).
public struct TCPFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let fin = TCPFlags(rawValue: 0x01)
    public static let syn = TCPFlags(rawValue: 0x02)
    public static let rst = TCPFlags(rawValue: 0x04)
    public static let psh = TCPFlags(rawValue: 0x08)
    public static let ack = TCPFlags(rawValue: 0x10)
    public static let urg = TCPFlags(rawValue: 0x20)
    public static let ece = TCPFlags(rawValue: 0x40)
    public static let cwr = TCPFlags(rawValue: 0x80)
}

/// TCP header (RFC 9293). Every field but the ports is nil where it was not captured.
public struct TCPHeader: Hashable, Sendable {
    public let ports: Ports
    public var sequence: UInt32?
    public var acknowledgement: UInt32?
    public var flags: TCPFlags?
    /// As on the wire: not scaled.
    public var window: UInt16?
    /// Payload bytes; nil if the packet's length is unknown.
    public var dataLength: Int?
}

/// Source and destination port.
public struct Ports: Hashable, Sendable {
    public let source: UInt16
    public let destination: UInt16

    init?(_ bytes: RawSpan, at offset: Int) {
        guard let both = bytes.u32(offset) else { return nil }
        source = UInt16(truncatingIfNeeded: both >> 16)
        destination = UInt16(truncatingIfNeeded: both)
    }
}

func decodeTCP(_ bytes: RawSpan, _ payload: Payload, truncated: inout Bool) -> TCPHeader? {
    guard let ports = Ports(bytes, at: payload.offset) else { return nil }
    var header = TCPHeader(ports: ports)
    header.sequence = bytes.u32(payload.offset + 4)
    header.acknowledgement = bytes.u32(payload.offset + 8)
    if let dataOffset = bytes.u8(payload.offset + 12), let flags = bytes.u8(payload.offset + 13) {
        header.flags = TCPFlags(rawValue: flags)
        let headerLength = Int(dataOffset >> 4) * 4
        if let length = payload.length, headerLength >= 20, headerLength <= length {
            header.dataLength = length - headerLength
        }
    }
    header.window = bytes.u16(payload.offset + 14)
    truncated = !bytes.holds(20, at: payload.offset)
    return header
}
