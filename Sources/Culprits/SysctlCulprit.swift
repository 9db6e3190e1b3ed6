import Diagnosis

/// Causes that one sysctl decides alone: it is the culprit if it has a value that explains the drop.
struct SysctlCulprit: CulpritFinder {
    private struct Question {
        /// "{dev}" stands for the receiving device, or where there is none, the device of the drop.
        var path: String
        var family: Family = .any
        var explains: @Sendable (Int) -> Bool = { _ in true }
        var meaning: String

        enum Family { case any, ipv4, ipv6 }
    }

    private static let questions: [String: [Question]] = [
        "ipv6-disabled": [
            .init(path: "net/ipv6/conf/{dev}/disable_ipv6", explains: { $0 != 0 }, meaning: "{dev} takes no IPv6")
        ],
        "cpu-backlog-full": [
            .init(path: "net/core/netdev_max_backlog", meaning: "so many packets may wait for each CPU")
        ],
        "fragments-incomplete": [
            .init(
                path: "net/ipv4/ipfrag_time", family: .ipv4, meaning: "so many seconds fragments wait for each other"),
            .init(
                path: "net/ipv6/ip6frag_time", family: .ipv6, meaning: "so many seconds fragments wait for each other"),
        ],
        "fragments-memory": [
            .init(path: "net/ipv4/ipfrag_high_thresh", family: .ipv4, meaning: "so many bytes fragments may take"),
            .init(path: "net/ipv6/ip6frag_high_thresh", family: .ipv6, meaning: "so many bytes fragments may take"),
        ],
    ]

    private static let tableFull = "conntrack-table-full"

    static let causes: Set<String> = Set(questions.keys).union([tableFull])

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        if cause == Self.tableFull { return connectionTracking(namespace) }
        let device = evidence.inDevice?.name ?? evidence.device?.name
        let found = Self.questions[cause, default: []].compactMap { culprit($0, evidence, device, namespace) }
        switch found.count {
        case 0: return .unknown(because: "no setting explains it by now; it may have been changed since")
        case 1: return .found(found[0])
        default: return .oneOf(found, because: "each of them can cause this")
        }
    }

    private func culprit(
        _ question: Question, _ evidence: Evidence, _ device: String?, _ namespace: any NamespaceView
    ) -> Culprit? {
        switch question.family {
        case .any: break
        case .ipv4: if evidence.isIPv6 { return nil }
        case .ipv6: if !evidence.isIPv6 { return nil }
        }
        var path = question.path
        if let place = path.firstRange(of: "{dev}") {
            guard let device else { return nil }
            path.replaceSubrange(place, with: device)
        }
        guard let text = namespace.sysctl(path), let value = Int(text), question.explains(value) else { return nil }
        var meaning = question.meaning
        if let place = meaning.firstRange(of: "{dev}") { meaning.replaceSubrange(place, with: device ?? "") }
        return Culprit(
            kind: "sysctl", name: "\(Self.name(path)) = \(value)", details: [meaning],
            values: ["sysctl": Self.name(path), "limit": text])
    }

    /// Both numbers are the namespace's own.
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
                values: ["sysctl": "net.netfilter.nf_conntrack_max", "limit": limit]))
    }

    /// As sysctl(8) spells it. A device's name may itself have dots, which it writes as slashes.
    private static func name(_ path: String) -> String {
        path.split(separator: "/").map { $0.replacing(".", with: "/") }.joined(separator: ".")
    }
}
