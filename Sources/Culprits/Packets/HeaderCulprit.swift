import Diagnosis
import Protocols

/// Malformed headers: a checksum, length or version that the captured bytes prove to be wrong.
struct HeaderCulprit: CulpritFinder {
    static let causes: Set = [
        "ip-header", "ip-checksum", "truncated", "tcp-checksum", "udp-checksum", "icmp-checksum",
    ]

    /// Functions in which `skb->data` is still the network header.
    private static let networkLayer: Set = ["ip_rcv_core", "ip_rcv", "ip6_rcv_core", "ipv6_rcv"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let flaw = flaw(cause, evidence) else {
            return evidence.hasTellingReason ? .none : .unknown(because: "the captured bytes do not prove it")
        }
        return .found(Culprit(kind: "packet", name: flaw))
    }

    private func flaw(_ cause: String, _ evidence: Evidence) -> String? {
        let isWhole = evidence.function.map(Self.networkLayer.contains) ?? false
        // The kernel side captures no header whose version contradicts the EtherType (locate_headers, BPF/packet.h).
        if cause == "ip-header", isWhole, evidence.bytes.isEmpty, evidence.length >= 20 {
            return "IP version that contradicts EtherType 0x" + String(evidence.etherType, radix: 16)
        }
        guard let headers = HeaderFlaws(evidence.bytes, etherType: evidence.etherType) else { return nil }
        switch cause {
        case "ip-header": return headers.network
        case "ip-checksum": return headers.networkChecksum
        case "truncated":
            return headers.truncation(length: isWhole ? Int(evidence.length) : nil)
        case "tcp-checksum": return headers.transportChecksum(of: IPProtocol.tcp)
        case "udp-checksum": return headers.transportChecksum(of: IPProtocol.udp)
        case "icmp-checksum":
            return headers.transportChecksum(of: IPProtocol.icmp) ?? headers.transportChecksum(of: IPProtocol.icmpv6)
        default: return nil
        }
    }
}
