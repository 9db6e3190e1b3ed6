import Diagnosis
import Netlink
import PacketDecoding

/// TCP MD5 signatures (RFC 2385): whether a segment has one, and whether the sockets on its port demand one.
enum SegmentSignature {
    private static let option: UInt8 = 19

    /// Whether only one side uses signatures. Whether a signature is correct cannot be checked without the key.
    static func isMismatch(_ evidence: Evidence, in namespace: any NamespaceView) throws(InspectionFailure) -> Bool {
        guard let port = evidence.ports?.destination, let source = evidence.sourceAddress,
            let isSigned = isSigned(evidence.bytes, isIPv6: evidence.isIPv6)
        else { return false }
        let sockets = try namespace.inetSockets("tcp", on: port)
        return !sockets.isEmpty && isSigned != isDemanded(of: source, by: sockets)
    }

    static func isDemanded(of source: String, by sockets: [InetSocket]) -> Bool {
        sockets.contains { $0.signedPeers.contains { $0.contains(source) } }
    }

    /// Returns nil if the options were not captured.
    static func isSigned(_ bytes: [UInt8], isIPv6: Bool) -> Bool? {
        guard let first = bytes.first else { return nil }
        let start = isIPv6 ? 40 : Int(first & 0x0f) * 4
        guard bytes.count > start + 12 else { return nil }
        let end = start + Int(bytes[start + 12] >> 4) * 4
        guard bytes.count >= end else { return nil }
        var offset = start + 20
        while offset < end, bytes[offset] != 0 {
            if bytes[offset] == option { return true }
            guard bytes[offset] != 1 else {
                offset += 1
                continue
            }
            guard offset + 1 < end, bytes[offset + 1] >= 2 else { return nil }
            offset += Int(bytes[offset + 1])
        }
        return false
    }
}
