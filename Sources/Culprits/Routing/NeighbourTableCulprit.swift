import Diagnosis

/// The limit of the neighbour table, which all network namespaces share.
struct NeighbourTableCulprit: CulpritFinder {
    static let causes: Set = ["neighbour-table-full"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let family = evidence.isIPv6 ? "ipv6" : "ipv4"
        guard let limit = namespace.sysctl("net/\(family)/neigh/default/gc_thresh3"),
            // net/core/neighbour.c, neigh_stat_seq_show
            let counters = CPUCounters(namespace.file(evidence.isIPv6 ? "stat/ndisc_cache" : "stat/arp_cache")),
            let entries = counters.first("entries"), let refusals = counters.sum("table_fulls")
        else { return .unknown(because: "the table's limit and counters cannot be read from here") }
        guard refusals > 0 else {
            return .unknown(because: "the table has never been full; the device may not take this next hop")
        }
        let name = "net.\(family).neigh.default.gc_thresh3"
        return .found(
            Culprit(
                kind: "sysctl", name: "\(name) = \(limit)",
                details: [
                    "the neighbours of all network namespaces are \(entries) now",
                    "\(refusals) more could not be entered since the machine was started (table_fulls)",
                ],
                values: ["sysctl": name, "limit": String(max(Int(limit) ?? 0, entries) * 4)],
                remedies: [
                    Cause.Step(
                        command: "sysctl -w {sysctl}={limit}",
                        note: "room for more, in the initial namespace; raise gc_thresh2 and gc_thresh1 with it")
                ]))
    }
}
