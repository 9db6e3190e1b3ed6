import Diagnosis
import Netlink
import Protocols

/// The IPsec policy that blocks the packet, or demands protection.
struct TransformCulprit: CulpritFinder {
    static let causes: Set = ["xfrm-policy"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let policies = try namespace.all(XfrmPolicies()).map { TransformPolicy($0, in: namespace) }
        var doubts: [String] = []
        for direction in Self.directions(of: evidence) {
            let answer = answer(to: evidence, direction, policies)
            guard case .unknown(let because) = answer else { return answer }
            doubts.append(because)
        }
        return .unknown(because: doubts.joined(separator: "; "))
    }

    /// A forwarded packet is checked against two kinds of policies, one after the other (net/ipv4/ip_forward.c:
    /// xfrm4_policy_check, xfrm4_route_forward).
    private static func directions(of evidence: Evidence) -> [XfrmPolicy.Direction] {
        guard evidence.function?.contains("forward") == true else { return [.in] }
        let isOut = evidence.returns.contains { $0.tracer == "xfrm_route_forward" && $0.number == 0 }
        return isOut ? [.out] : [.fwd, .out]
    }

    private func answer(
        to evidence: Evidence, _ direction: XfrmPolicy.Direction, _ policies: [TransformPolicy]
    ) -> CulpritAnswer {
        let covering = policies.filter { $0.policy.direction == direction && $0.covers(evidence) }
        // The lowest number comes first. Of equal ones the kernel takes the oldest, which the list does not show.
        let priority = covering.map(\.priority).min()
        let first = covering.filter { $0.priority == priority }
        guard let policy = first.first else {
            return .unknown(because: "no policy for direction \(direction) covers the packet by now")
        }
        let suspects = first.filter { $0.policy.blocks || $0.wantsProtection }.map(\.culprit)
        guard !suspects.isEmpty else {
            return .unknown(because: "the policy that covers the packet lets it pass by now: \(policy.text)")
        }
        guard first.count == 1, !policy.isConditional else {
            return .oneOf(
                suspects, because: "which of them covers the packet is up to their order, or to mark and device")
        }
        return .found(suspects[0])
    }
}
