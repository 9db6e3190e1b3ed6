import Diagnosis
import Netlink
import Protocols

/// TCP MD5 signatures (RFC 2385): whether a segment has one, and whether the sockets on its port demand one.
enum SegmentSignature {
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

    /// Returns nil if the options were not captured or are malformed.
    static func isSigned(_ bytes: [UInt8], isIPv6: Bool) -> Bool? {
        let bytes = bytes.span.bytes
        let layers = PacketLayers(bytes, from: .etherType(isIPv6 ? EtherType.ipv6 : EtherType.ipv4))
        guard layers.first("tcp") != nil else { return nil }
        switch layers.read("tcp.md5sig", in: bytes) {
        case .number, .bytes: return true
        case .absent: return false
        case .truncated, .malformed: return nil
        }
    }
}
