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

/// TCP header (RFC 9293). All fields except the ports are nil if they were not captured.
public struct TCPHeader: Hashable, Sendable {
    public let ports: Ports
    public var sequence: UInt32?
    public var acknowledgement: UInt32?
    public var flags: TCPFlags?
    /// As on the wire, not scaled.
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

    private init(from source: UInt16, to destination: UInt16) {
        self.source = source
        self.destination = destination
    }

    /// The ports of the opposite direction.
    public var reversed: Ports { Ports(from: destination, to: source) }
}

func decodeTCP(_ bytes: RawSpan, _ payload: Payload, truncated: inout Bool) -> TCPHeader? {
    truncated = !bytes.holds(TCPHeader.minimumSize, at: payload.offset)
    guard !truncated else { return TCPHeader(bytes, at: payload.offset, length: payload.length) }
    // The constant size lets the compiler remove the bounds checks of the fields.
    let header = bytes.extracting(payload.offset..<payload.offset + TCPHeader.minimumSize)
    return TCPHeader(header, at: 0, length: payload.length)
}

extension TCPHeader {
    /// Size without options, in bytes.
    static var minimumSize: Int { 20 }

    /// - Parameter length: bytes of header and payload; nil if unknown.
    @inline(__always)
    fileprivate init?(_ bytes: RawSpan, at offset: Int, length: Int?) {
        guard let ports = Ports(bytes, at: offset) else { return nil }
        self.ports = ports
        sequence = bytes.u32(offset + 4)
        acknowledgement = bytes.u32(offset + 8)
        window = bytes.u16(offset + 14)
        guard let dataOffset = bytes.u8(offset + 12), let flags = bytes.u8(offset + 13) else { return }
        self.flags = TCPFlags(rawValue: flags)
        let headerLength = Int(dataOffset >> 4) * 4
        if let length, headerLength >= Self.minimumSize, headerLength <= length {
            dataLength = length - headerLength
        }
    }
}

extension PacketProtocol {
    private static let flagNames: [StaticString] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"]

    static let tcp = PacketProtocol(
        "tcp", "TCP", [.ipProtocol(IPProtocol.tcp)], base: .transport,
        fields: [
            ProtocolField("tcp.sport", bit: 0, 16),
            ProtocolField("tcp.dport", bit: 16, 16),
            ProtocolField("tcp.seq", bit: 32, 32),
            ProtocolField("tcp.ack", bit: 64, 32),
            ProtocolField("tcp.off", bit: 96, 4, .decimal, .most),
            ProtocolField("tcp.x2", bit: 100, 4, .decimal, .all),
            ProtocolField("tcp.flags", bit: 104, 8, .flags(flagNames)),
            .part("tcp.flags.cwr", bit: 104), .part("tcp.flags.ece", bit: 105), .part("tcp.flags.urg", bit: 106),
            .part("tcp.flags.ack", bit: 107), .part("tcp.flags.psh", bit: 108), .part("tcp.flags.rst", bit: 109),
            .part("tcp.flags.syn", bit: 110), .part("tcp.flags.fin", bit: 111),
            ProtocolField("tcp.win", bit: 112, 16, .decimal, .more),
            ProtocolField("tcp.sum", bit: 128, 16, .hexadecimal, .all),
            ProtocolField("tcp.urp", bit: 144, 16, .decimal, .more),
        ] + tcpOptions,
        headerLength: { header in header.u8(12).map { max(Int($0 >> 4) * 4, TCPHeader.minimumSize) } },
        next: { header in
            guard let source = header.u16(0), let destination = header.u16(2) else { return nil }
            return NextHeader(.tcpPort(destination), .tcpPort(source))
        },
        summary: { header, line in
            guard line.append(portsOf: header), let flags = header.u8(13) else { return }
            line.append(" ")
            line.append(flags: UInt128(flags), flagNames)
        })
}
