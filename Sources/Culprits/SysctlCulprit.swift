import Diagnosis

/// Causes that a single sysctl decides: it is the culprit if its value explains the drop.
struct SysctlCulprit: CulpritFinder {
    private struct Question {
        var path: String
        var family: Family = .any
        var meaning: String
        /// Whether a larger value is the remedy.
        var wantsMore = false

        enum Family { case any, ipv4, ipv6 }
    }

    private static let questions: [String: [Question]] = [
        "cpu-backlog-full": [
            .init(
                path: "net/core/netdev_max_backlog", meaning: "so many packets may wait for each CPU", wantsMore: true)
        ],
        "fragments-incomplete": [
            .init(
                path: "net/ipv4/ipfrag_time", family: .ipv4, meaning: "so many seconds fragments wait for each other"),
            .init(
                path: "net/ipv6/ip6frag_time", family: .ipv6, meaning: "so many seconds fragments wait for each other"),
        ],
    ]

    private static let growth = 4
    private static let tableFull = "conntrack-table-full"

    static let causes: Set<String> = Set(questions.keys).union([tableFull])

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        if cause == Self.tableFull { return connectionTracking(namespace) }
        let found = Self.questions[cause, default: []].compactMap { culprit($0, evidence, namespace) }
        switch found.count {
        case 0: return .unknown(because: "no setting explains it by now; it may have been changed since")
        case 1: return .found(found[0])
        default: return .oneOf(found, because: "each of them can cause this")
        }
    }

    private func culprit(
        _ question: Question, _ evidence: Evidence, _ namespace: any NamespaceView
    ) -> Culprit? {
        switch question.family {
        case .any: break
        case .ipv4: if evidence.isIPv6 { return nil }
        case .ipv6: if !evidence.isIPv6 { return nil }
        }
        guard let text = namespace.sysctl(question.path) else { return nil }
        let name = question.path.replacing("/", with: ".")
        let larger = question.wantsMore ? Int(text).map { String($0 * Self.growth) } : nil
        return Culprit(
            kind: "sysctl", name: "\(name) = \(text)", details: [question.meaning],
            values: ["sysctl": name, "limit": larger ?? text],
            remedies: larger == nil
                ? [] : [Cause.Step(command: "sysctl -w {sysctl}={limit}", note: "a longer queue, for bursts")])
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
