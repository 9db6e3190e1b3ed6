/// SCTP common header and the type of its first chunk (RFC 9260).
public struct SCTPHeader: Hashable, Sendable {
    public let ports: Ports
    public var verificationTag: UInt32?
    /// nil if not captured.
    public var chunk: UInt8?

    /// The name of a chunk type; nil if it has none here.
    public static func chunkName(_ type: UInt8) -> StaticString? {
        switch type {
        case 0: "DATA"
        case 1: "INIT"
        case 2: "INIT-ACK"
        case 3: "SACK"
        case 4: "HEARTBEAT"
        case 5: "HEARTBEAT-ACK"
        case 6: "ABORT"
        case 7: "SHUTDOWN"
        case 8: "SHUTDOWN-ACK"
        case 9: "ERROR"
        case 10: "COOKIE-ECHO"
        case 11: "COOKIE-ACK"
        case 12: "ECNE"
        case 13: "CWR"
        case 14: "SHUTDOWN-COMPLETE"
        case 15: "AUTH"
        case 64: "I-DATA"
        case 128: "ASCONF-ACK"
        case 130: "RE-CONFIG"
        case 132: "PAD"
        case 192: "FORWARD-TSN"
        case 193: "ASCONF"
        case 194: "I-FORWARD-TSN"
        default: nil
        }
    }
}

func decodeSCTP(_ bytes: RawSpan, at offset: Int, truncated: inout Bool) -> SCTPHeader? {
    guard let ports = Ports(bytes, at: offset) else { return nil }
    let header = SCTPHeader(ports: ports, verificationTag: bytes.u32(offset + 4), chunk: bytes.u8(offset + 12))
    truncated = header.chunk == nil
    return header
}
