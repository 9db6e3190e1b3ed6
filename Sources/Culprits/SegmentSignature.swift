import Diagnosis
import Protocols

/// TCP MD5 signatures (RFC 2385): whether a segment has one, and whether the sockets on its port demand one.
enum SegmentSignature {
    /// Whether only one side uses signatures. Whether a signature is correct cannot be checked without the key.
    static func isMismatch(_ evidence: Evidence, in namespace: any NamespaceView) throws(InspectionFailure) -> Bool {
        guard let port = evidence.ports?.destination, let source = evidence.sourceAddress,
            let isSigned = isSigned(evidence.bytes, isIPv6: evidence.isIPv6)
        else { return false }
        let sockets = try namespace.output(of: ["ss", "-Hanti", "sport = :\(port)"])
        return !sockets.isEmpty && isSigned != isDemanded(of: source, by: sockets)
    }

    /// Searches `md5keys:10.0.0.1/32=secret,10.0.0.2/32=secret` in the details of the sockets.
    static func isDemanded(of source: String, by sockets: String) -> Bool {
        sockets.split(separator: "md5keys:", omittingEmptySubsequences: false).dropFirst().contains { keys in
            keys.split(separator: ",").contains { key in
                Prefix(route: String(key.prefix { $0 != "=" }))?.contains(source) == true
            }
        }
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
