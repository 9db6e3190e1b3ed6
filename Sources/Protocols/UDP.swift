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
