import Diagnosis

/// The limit of the table of neighbours, which all network namespaces share.
struct NeighbourTableCulprit: CulpritFinder {
    static let causes: Set = ["neighbour-table-full"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let family = evidence.isIPv6 ? "ipv6" : "ipv4"
        guard let limit = namespace.sysctl("net/\(family)/neigh/default/gc_thresh3"),
            let counts = counts(namespace.file(evidence.isIPv6 ? "stat/ndisc_cache" : "stat/arp_cache"))
        else { return .unknown(because: "the table's limit and counters cannot be read from here") }
        guard counts.refusals > 0 else {
            return .unknown(because: "the table has never been full; the device may not take this next hop")
        }
        let name = "net.\(family).neigh.default.gc_thresh3"
        return .found(
            Culprit(
                kind: "sysctl", name: "\(name) = \(limit)",
                details: [
                    "the neighbours of all network namespaces are \(counts.entries) now",
                    "\(counts.refusals) more could not be entered since the machine was started (table_fulls)",
                ],
                values: ["sysctl": name, "limit": limit]))
    }

    /// A line of names, and one for each CPU in hexadecimal, of which the first column is the table's own (net/core/neighbour.c,
    /// neigh_stat_seq_show).
    private func counts(_ text: String?) -> (entries: Int, refusals: Int)? {
        guard let lines = text?.split(separator: "\n").map({ $0.split { $0 == " " || $0 == "\t" } }),
            let column = lines.first?.firstIndex(of: "table_fulls")
        else { return nil }
        let rows = lines.dropFirst().filter { $0.count > column }
        guard let entries = rows.first.flatMap({ Int($0[0], radix: 16) }) else { return nil }
        return (entries, rows.reduce(0) { $0 + (Int($1[column], radix: 16) ?? 0) })
    }
}
