import Diagnosis
import Protocols

/// The reason that fragments were discarded: the memory limit, their time, or fragments that do not fit together. New
/// fragments end in ip_defrag (net/ipv4/ip_fragment.c), those that waited in inet_frag_rbtree_purge
/// (net/ipv4/inet_fragment.c), usually without a drop reason.
struct FragmentCulprit: CulpritFinder {
    static let causes: Set = ["fragments-incomplete", "fragments-memory", "fragments-overlap"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        switch cause {
        case "fragments-incomplete": time(evidence, namespace)
        case "fragments-memory": memory(evidence, namespace)
        default: overlap(evidence, namespace)
        }
    }

    /// A queue is also purged before its time: by an overlap, or with its namespace.
    private func time(_ evidence: Evidence, _ namespace: any NamespaceView) -> CulpritAnswer {
        guard let seconds = seconds(evidence, namespace) else {
            return .unknown(because: "the time that fragments wait for each other cannot be read")
        }
        let setting = Self.timeSetting(of: evidence).replacing("/", with: ".")
        let name = "\(setting) = \(seconds)"
        guard !Self.isPurged(evidence) || waited(evidence, seconds) else {
            return .unknown(because: "it was thrown away sooner than after \(name) s")
        }
        return .found(
            Culprit(
                kind: "sysctl", name: name, details: ["so many seconds fragments wait for each other"],
                values: ["sysctl": setting, "limit": String(seconds)]))
    }

    /// The time that fragments wait for each other.
    private func seconds(_ evidence: Evidence, _ namespace: any NamespaceView) -> UInt64? {
        namespace.sysctl(Self.timeSetting(of: evidence)).flatMap { UInt64($0) }
    }

    private static func timeSetting(of evidence: Evidence) -> String {
        evidence.isIPv6 ? "net/ipv6/ip6frag_time" : "net/ipv4/ipfrag_time"
    }

    /// Whether the packet waited in a queue that was thrown away. The function does not show the reason.
    private static func isPurged(_ evidence: Evidence) -> Bool { evidence.function == "inet_frag_rbtree_purge" }

    /// The queue's time begins with its first fragment, which this one need not be: half the time is enough.
    private func waited(_ evidence: Evidence, _ seconds: UInt64) -> Bool {
        evidence.waited.map { $0 >= seconds * 500_000_000 } ?? true
    }

    /// Above the limit inet_frag_find (net/ipv4/inet_fragment.c) creates no queue. Fragments stay in their queues until a
    /// packet is complete or its time is over.
    private func memory(_ evidence: Evidence, _ namespace: any NamespaceView) -> CulpritAnswer {
        let setting = evidence.isIPv6 ? "net/ipv6/ip6frag_high_thresh" : "net/ipv4/ipfrag_high_thresh"
        guard let limit = namespace.sysctl(setting).flatMap({ Int($0) }) else {
            return .unknown(because: "the limit of the fragments' memory cannot be read")
        }
        let used =
            namespace.file(evidence.isIPv6 ? "sockstat6" : "sockstat").flatMap { Self.memory(in: $0) } ?? 0
        let isSaid = evidence.returns.contains { $0.tracer == "ip_defrag" && $0.number == Self.noMemory }
        guard isSaid || limit == 0 || used > limit else {
            return .unknown(because: "fragments hold \(used) of \(limit) bytes by now")
        }
        let name = setting.replacing("/", with: ".")
        return .found(
            Culprit(
                kind: "sysctl", name: "\(name) = \(limit)",
                details: ["so many bytes fragments may take; they hold \(used) now"],
                values: ["sysctl": name, "limit": String(max(2 * used, Self.usualLimit))],
                remedies: [Cause.Step(command: "sysctl -w {sysctl}={limit}", note: "more memory")]))
    }

    /// Initial limit of every namespace, in bytes (ipv4_frags_init_net).
    private static let usualLimit = 4 << 20
    /// -ENOMEM, -EINVAL.
    private static let noMemory: Int64 = -12
    private static let invalid: Int64 = -22

    /// Bytes from a line such as `FRAG: inuse 1 memory 2048`.
    private static func memory(in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("FRAG:") || $0.hasPrefix("FRAG6:") }
        return line?.split(separator: " ").word(after: "memory").flatMap { Int($0) }
    }

    private func overlap(_ evidence: Evidence, _ namespace: any NamespaceView) -> CulpritAnswer {
        guard let fragment = evidence.packet?.headers.fragment, let source = evidence.sourceAddress,
            let destination = evidence.destinationAddress
        else { return .unknown(because: "the packet is no fragment") }
        guard isEarly(evidence, namespace) else { return .unknown(because: "it waited as long as fragments may") }
        let isSaid =
            evidence.hasTellingReason
            || evidence.returns.contains { $0.tracer == "ip_defrag" && $0.number == Self.invalid }
        let overlaps = ProtocolCounters(namespace.file("netstat"))?.value("ReasmOverlaps", of: "IpExt") ?? 0
        guard isSaid || overlaps > 0 else {
            return .unknown(because: "this namespace has counted no overlap of fragments")
        }
        let counted = overlaps > 0 ? ["overlaps that this namespace has counted so far: \(overlaps)"] : []
        return .found(
            Culprit(
                kind: "packet",
                name: "fragment of \(source) -> \(destination), id \(fragment.id), offset \(fragment.offset)",
                details: [
                    Self.isPurged(evidence)
                        ? "a later one did not fit to it: all of the packet were thrown away"
                        : "it does not fit to those that came before it"
                ] + counted))
    }

    /// Whether the packet was thrown away before the time of its queue was over.
    private func isEarly(_ evidence: Evidence, _ namespace: any NamespaceView) -> Bool {
        if Self.isPurged(evidence) {
            return seconds(evidence, namespace).map { !waited(evidence, $0) } ?? false
        }
        return evidence.function.map { !Self.timers.contains($0) } ?? true
    }

    /// Functions that end a queue whose time is over.
    private static let timers: Set = ["ip_expire", "ip6_frag_expire", "ip6frag_expire_frag_queue"]
}
