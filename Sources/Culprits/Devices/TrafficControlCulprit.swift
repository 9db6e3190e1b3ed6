import Diagnosis

/// The tc filter whose action dropped the packet, if only one comes into question by its place, conditions and counters.
struct TrafficControlCulprit: CulpritFinder {
    static let causes: Set = ["tc-action", "tc-bpf", "tc-police"]

    private struct Qdisc: Decodable {
        var kind: String
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let place = evidence.device ?? evidence.inDevice else {
            return .unknown(because: "the trace does not show the device")
        }
        let device = place.name
        var suspects: [Culprit] = []
        var isFirstSure = false
        // Policers and actions are parts of filters.
        if cause != "tc-police" {
            suspects = DeviceProgramCulprit.suspects(place, droppedBy: evidence.function, in: namespace)
        }
        for direction in try directions(of: evidence, device, namespace) {
            // Without a direction tc lists the filters of the device's root qdisc. The word "root" would select the handle
            // ffff:, which is that of an ingress or clsact qdisc (net/sched/cls_api.c, tc_dump_tfilter).
            let place = direction == "root" ? [] : [direction]
            guard let text = try? namespace.output(of: ["tc", "-s", "filter", "show", "dev", device] + place) else {
                continue
            }
            for filter in TrafficFilter.all(in: text) {
                let match = filter.matches(evidence)
                let deadEnd = deadEnd(of: filter, in: namespace)
                guard match != false, filter.mayDrop || deadEnd != nil else { continue }
                if suspects.isEmpty { isFirstSure = match == true }
                suspects.append(culprit(filter, device, direction, deadEnd))
            }
        }
        switch suspects.count {
        case 0:
            return .unknown(because: "no filter or program on \(device) is known to drop such a packet by now")
        case 1: return .found(suspects[0])
        // The kernel evaluates them in this order.
        case _ where isFirstSure: return .found(suspects[0])
        default:
            return .oneOf(
                suspects, because: "'tc -s filter show dev \(device) ingress' (and egress) counts their packets")
        }
    }

    /// Places that may have filters. An ingress qdisc lists its filters for egress too, though it never applies them there
    /// (net/sched/sch_ingress.c, ingress_tcf_block).
    private func directions(
        of evidence: Evidence, _ device: String, _ namespace: any NamespaceView
    ) throws(InspectionFailure) -> [String] {
        let kinds = try namespace.json([Qdisc].self, of: ["tc", "-j", "qdisc", "show", "dev", device]).map(\.kind)
        var places: [String] = []
        if kinds.contains("ingress") || kinds.contains("clsact") { places.append("ingress") }
        if kinds.contains("clsact") { places.append("egress") }
        if kinds.contains(where: { !["ingress", "clsact", "noqueue"].contains($0) }) { places.append("root") }
        switch TrafficDirection(evidence.function) {
        case .ingress?: places.removeAll { $0 != "ingress" }
        case .egress?: places.removeAll { $0 == "ingress" }
        case nil: break
        }
        return places
    }

    private func culprit(_ filter: TrafficFilter, _ device: String, _ direction: String, _ deadEnd: String?) -> Culprit
    {
        let place = filter.parent.map { "parent \($0)" } ?? direction
        let counted = filter.dropped.map { ["its actions have dropped \($0) packets so far"] } ?? []
        return Culprit(
            kind: "tc-filter", name: "\(filter.head) dev \(device) \(direction)",
            details: filter.details + (deadEnd.map { [$0] } ?? counted),
            values: ["dev": device, "outdev": device, "pref": filter.preference ?? "", "direction": place])
    }

    /// The reason that the device to which the filter redirects accepts nothing (net/sched/act_mirred.c); nil if the filter
    /// does not redirect, or if the device accepts packets.
    private func deadEnd(of filter: TrafficFilter, in namespace: any NamespaceView) -> String? {
        guard let target = filter.target, let link = try? namespace.networkLink(target) else { return nil }
        return link.isUp && !link.lacksCarrier ? nil : "\(target) is \(link.isUp ? "without carrier" : "down")"
    }
}
