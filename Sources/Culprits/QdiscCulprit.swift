import Diagnosis

/// The queueing discipline that dropped, by its own count.
struct QdiscCulprit: CulpritFinder {
    static let causes: Set = [
        "qdisc-overlimit", "qdisc-drop", "qdisc-congestion", "qdisc-flow-limit", "qdisc-burst",
    ]

    private struct Qdisc: Decodable {
        var kind: String
        var handle: String
        var drops: Int?
        var overlimits: Int?
        var backlog: Int?
        var qlen: Int?
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name else {
            return .unknown(because: "the trace does not show the device")
        }
        let qdiscs = try namespace.json([Qdisc].self, of: ["tc", "-s", "-j", "qdisc", "show", "dev", device])
        let dropping = qdiscs.filter { ($0.drops ?? 0) > 0 && !["ingress", "clsact"].contains($0.kind) }
        // The counts of inner disciplines are part of those around them.
        guard let qdisc = dropping.last else {
            return .unknown(because: "no queueing discipline of \(device) has counted a drop")
        }
        let culprits = dropping.map { qdisc in
            Culprit(
                kind: "qdisc", name: "qdisc \(qdisc.kind) \(qdisc.handle) dev \(device)",
                details: [
                    "it has dropped \(qdisc.drops ?? 0) packets; \(qdisc.qlen ?? 0) packets (\(qdisc.backlog ?? 0) bytes) wait now"
                ],
                values: ["qdisc": qdisc.kind, "handle": qdisc.handle, "outdev": device])
        }
        guard dropping.count == 1 || dropping.dropLast().allSatisfy({ $0.drops == qdisc.drops }) else {
            return .oneOf(culprits, because: "several queueing disciplines of \(device) have dropped packets")
        }
        return .found(culprits[culprits.count - 1])
    }
}
