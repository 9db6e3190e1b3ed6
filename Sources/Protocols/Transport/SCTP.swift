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

extension PacketProtocol {
    static let sctp = PacketProtocol(
        "sctp", "SCTP", [.ipProtocol(IPProtocol.sctp)], base: .transport,
        fields: [
            ProtocolField("sctp.sport", bit: 0, 16),
            ProtocolField("sctp.dport", bit: 16, 16),
            ProtocolField("sctp.vtag", bit: 32, 32, .hexadecimal),
            ProtocolField("sctp.sum", bit: 64, 32, .hexadecimal, .all),
            ProtocolField(
                "sctp.chunk.type", bit: 96, 8,
                names: ValueNames { SCTPHeader.chunkName(UInt8(truncatingIfNeeded: $0)) }),
            ProtocolField("sctp.chunk.flags", bit: 104, 8, .hexadecimal, .more),
            ProtocolField("sctp.chunk.len", bit: 112, 16, .decimal, .more),
        ] + sctpChunks,
        // The common header and that of the first chunk.
        headerLength: { _ in 16 },
        summary: { header, line in
            guard line.append(portsOf: header), let name = header.u8(12).flatMap(SCTPHeader.chunkName) else { return }
            line.append(" ")
            line.append(name)
        })
}
