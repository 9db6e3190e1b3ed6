import Diagnosis
import HostInspection
import Protocols

/// The socket that demands a minimum TTL which the packet does not have.
struct MinimumTTLCulprit: CulpritFinder {
    static let causes: Set = ["tcp-min-ttl"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let arrived: UInt8
        switch evidence.packet?.headers.network {
        case .ipv4(let header): arrived = header.ttl
        case .ipv6(let header): arrived = header.hopLimit
        default: return .unknown(because: "the packet's headers were not captured")
        }
        let option = evidence.isIPv6 ? "IPV6_MINHOPCOUNT" : "IP_MINTTL"
        var culprits: [Culprit] = []
        for socket in try namespace.receivers(of: evidence) {
            guard let owner = socket.owner,
                let least = namespace.minimumTTL(
                    ofDescriptor: owner.descriptor, process: owner.process, isIPv6: evidence.isIPv6),
                arrived < least
            else { continue }
            culprits.append(
                Culprit(
                    kind: "socket", name: "\(socket.description): \(option) \(least)",
                    details: ["the packet arrived with \(arrived)"],
                    values: ["limit": String(least)]))
        }
        switch culprits.count {
        case 0: return .unknown(because: "no socket that can be looked at from here sets \(option) above \(arrived)")
        case 1: return .found(culprits[0])
        default: return .oneOf(culprits, because: "several sockets take such packets")
        }
    }
}
