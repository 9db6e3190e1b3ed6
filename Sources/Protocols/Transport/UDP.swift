/// UDP (RFC 768) or UDP-Lite (RFC 3828) header.
public struct UDPHeader: Hashable, Sendable {
    public let ports: Ports
    /// Payload bytes as the header states; nil if not captured, or if less than a header.
    public var dataLength: Int?

    static let size = 8
}

func decodeUDP(_ bytes: RawSpan, _ payload: Payload, truncated: inout Bool) -> UDPHeader? {
    guard let ports = Ports(bytes, at: payload.offset) else { return nil }
    // No packet has such a header: its bytes are reserved, and written later (net/ipv4/udp.c, udp_send_skb).
    if bytes.holds(UDPHeader.size, at: payload.offset), (0..<4).allSatisfy({ bytes.u16(payload.offset + 2 * $0) == 0 })
    {
        truncated = false
        return nil
    }
    var header = UDPHeader(ports: ports)
    truncated = !bytes.holds(UDPHeader.size, at: payload.offset)
    if let claimed = bytes.u16(payload.offset + 4) {
        // 0 stands for the IP length in jumbograms (RFC 2675) and in UDP-Lite; with GSO the field may be smaller than
        // the whole.
        let length = claimed == 0 || payload.proto == IPProtocol.udpLite ? payload.length : Int(claimed)
        if let length, length >= UDPHeader.size {
            header.dataLength = length - UDPHeader.size
        }
    }
    return header
}

extension PacketProtocol {
    static let udp = PacketProtocol(
        "udp", "UDP", [.ipProtocol(IPProtocol.udp)], base: .transport,
        fields: [
            ProtocolField("udp.sport", bit: 0, 16),
            ProtocolField("udp.dport", bit: 16, 16),
            ProtocolField("udp.len", bit: 32, 16),
            ProtocolField("udp.sum", bit: 48, 16, .hexadecimal, .all),
        ],
        // No packet has such a header (see decodeUDP).
        recognises: { header in header.bits(.init(0, 64)) != 0 },
        headerLength: { _ in UDPHeader.size },
        next: { header in
            guard let source = header.u16(0), let destination = header.u16(2), let length = header.u16(4) else {
                return nil
            }
            // 0 stands for the IP length in jumbograms (RFC 2675).
            return NextHeader(
                .udpDestination(destination), .udpPort(destination), .udpPort(source),
                length: length == 0 ? nil : Int(length) - UDPHeader.size)
        },
        summary: { header, line in _ = line.append(portsOf: header) })

    /// RFC 3828: the third number is that of the bytes that the checksum covers.
    static let udpLite = PacketProtocol(
        "udplite", "UDPLite", [.ipProtocol(IPProtocol.udpLite)], base: .transport,
        fields: [
            ProtocolField("udplite.sport", bit: 0, 16),
            ProtocolField("udplite.dport", bit: 16, 16),
            ProtocolField("udplite.cov", bit: 32, 16, .decimal, .more),
            ProtocolField("udplite.sum", bit: 48, 16, .hexadecimal, .all),
        ],
        headerLength: { _ in UDPHeader.size },
        next: { header in
            guard let source = header.u16(0), let destination = header.u16(2) else { return nil }
            return NextHeader(.udpPort(destination), .udpPort(source))
        },
        summary: { header, line in _ = line.append(portsOf: header) })
}
