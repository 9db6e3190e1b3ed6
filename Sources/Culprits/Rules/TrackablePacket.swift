import Diagnosis
import Protocols

/// Packets that connection tracking accepts as NEW if it does not know their connection, and never as INVALID.
enum TrackablePacket {
    /// A complete UDP datagram, or the SYN of a connection, with correct lengths and checksum
    /// (net/netfilter/nf_conntrack_proto_udp.c, udp_error; nf_conntrack_proto_tcp.c, tcp_error, tcp_new).
    static func isTrackable(_ evidence: Evidence) -> Bool {
        let bytes = evidence.bytes
        guard bytes.count >= Int(evidence.length), let start = transportStart(bytes, isIPv6: evidence.isIPv6) else {
            return false
        }
        let segment = bytes[start...]
        let word = { (offset: Int) in Int(bytes[start + offset]) << 8 | Int(bytes[start + offset + 1]) }
        switch bytes[evidence.isIPv6 ? 6 : 9] {
        case 17:
            guard segment.count >= 8, word(4) >= 8, word(4) <= segment.count else { return false }
            return word(6) == 0 && !evidence.isIPv6
                || isRight(segment.prefix(word(4)), bytes, word(6), 17, evidence.isIPv6)
        case 6:
            guard segment.count >= 20, bytes[start + 12] >> 4 >= 5, Int(bytes[start + 12] >> 4) * 4 <= segment.count,
                bytes[start + 13] & 0x3f == 0x02
            else { return false }
            return isRight(segment, bytes, word(16), 6, evidence.isIPv6)
        default: return false
        }
    }

    /// Returns nil for fragments, IP options, extension headers, and packets whose length is not that of the header.
    private static func transportStart(_ bytes: [UInt8], isIPv6: Bool) -> Int? {
        if isIPv6 {
            return bytes.count > 40 && Int(bytes[4]) << 8 | Int(bytes[5]) == bytes.count - 40 ? 40 : nil
        }
        guard bytes.count > 20, bytes[0] == 0x45, Int(bytes[2]) << 8 | Int(bytes[3]) == bytes.count,
            bytes[6] & 0x3f == 0, bytes[7] == 0
        else { return nil }
        return 20
    }

    /// Whether the checksum is correct, or is the sum of the pseudo-header, which a device completes
    /// (CHECKSUM_PARTIAL).
    private static func isRight(
        _ segment: ArraySlice<UInt8>, _ bytes: [UInt8], _ given: Int, _ transport: UInt32, _ isIPv6: Bool
    ) -> Bool {
        var sum = InternetChecksum()
        sum.add(bytes.span.bytes.extracting(isIPv6 ? 8..<40 : 12..<20))
        sum.add(UInt128(transport) + UInt128(segment.count))
        if Int(sum.folded) == given { return true }
        sum.add(segment.span.bytes)
        return sum.isCorrect
    }
}
