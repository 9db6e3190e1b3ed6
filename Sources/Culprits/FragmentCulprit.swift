import Diagnosis
import PacketDecoding

/// The reason that fragments were discarded: the memory limit, or fragments that do not fit together. Both end in ip_defrag
/// (net/ipv4/ip_fragment.c), usually without a drop reason.
struct FragmentCulprit: CulpritFinder {
    static let causes: Set = ["fragments-memory", "fragments-overlap"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        cause == "fragments-memory" ? memory(evidence, namespace) : overlap(evidence, namespace)
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
                details: ["it does not fit to those that came before it"] + counted))
    }
}
