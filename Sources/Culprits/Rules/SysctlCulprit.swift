import Diagnosis

/// Causes that a single sysctl decides: it is the culprit if its value explains the drop.
struct SysctlCulprit: CulpritFinder {
    private static let growth = 4
    private static let backlogFull = "cpu-backlog-full"
    private static let tableFull = "conntrack-table-full"

    static let causes: Set = [backlogFull, tableFull]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        cause == Self.tableFull ? connectionTracking(namespace) : backlog(namespace)
    }

    private func backlog(_ namespace: any NamespaceView) -> CulpritAnswer {
        guard let text = namespace.sysctl("net/core/netdev_max_backlog") else {
            return .unknown(because: "the limit of the backlog cannot be read")
        }
        let larger = Int(text).map { String($0 * Self.growth) }
        return .found(
            Culprit(
                kind: "sysctl", name: "net.core.netdev_max_backlog = \(text)",
                details: ["so many packets may wait for each CPU"],
                values: ["sysctl": "net.core.netdev_max_backlog", "limit": larger ?? text],
                remedies: larger == nil
                    ? [] : [Cause.Step(command: "sysctl -w {sysctl}={limit}", note: "a longer queue, for bursts")]))
    }

    /// The count and the limit are those of the namespace.
    private func connectionTracking(_ namespace: any NamespaceView) -> CulpritAnswer {
        guard let limit = namespace.sysctl("net/netfilter/nf_conntrack_max"),
            let count = namespace.sysctl("net/netfilter/nf_conntrack_count")
        else { return .unknown(because: "connection tracking is not loaded by now") }
        guard let used = Int(count), let most = Int(limit), used * 10 >= most * 9 else {
            return .unknown(
                because: "the table holds \(count) of \(limit) connections by now: it has been emptied since")
        }
        return .found(
            Culprit(
                kind: "sysctl", name: "net.netfilter.nf_conntrack_max = \(limit)",
                details: ["the table holds \(count) connections"],
                values: ["sysctl": "net.netfilter.nf_conntrack_max", "limit": String(most * Self.growth)]))
    }
}
