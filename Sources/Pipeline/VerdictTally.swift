public import Diagnosis

/// The verdicts of a run: one for each kind of loss and culprit, with the number of packets.
public struct VerdictTally: Sendable, Equatable {
    /// A verdict and the number of its packets.
    public struct Finding: Sendable, Equatable {
        public var slug: String
        public var severity: Cause.Severity
        public var title: String
        /// The culprit, in one line; nil if not known.
        public var culprit: String?
        public var packets: UInt64
        /// Time of the latest loss, in nanoseconds of CLOCK_MONOTONIC.
        var latest: UInt64
    }

    /// One packet's verdict in relation to those of the run.
    public struct Entry: Sendable {
        public let verdict: Verdict
        /// Number of packets with this verdict so far.
        public let count: UInt64
        /// Whether the same verdict was given before.
        public var isKnown: Bool { count > 1 }
        /// Whether it belongs to a burst of its kind and is not the first of it.
        public let isOfBurst: Bool

        /// The entry of the first packet with this verdict, for forms in which each packet stands alone.
        public var alone: Entry { Entry(verdict: verdict, count: 1, isOfBurst: false) }
    }

    private struct Kind: Hashable {
        var slug: String
        var netns: UInt32?
        var reason: String?
        var function: String?
        var culprits: [String]
    }

    /// Maximum number of kinds that are distinguished; further ones count by their cause alone.
    private static let maximumKinds = 4096
    /// Nanoseconds without a loss of the same kind after which a burst is over.
    private static let burstGap: UInt64 = 300_000_000

    public private(set) var judged: UInt64 = 0
    /// Packets with a verdict for which the machine was not asked, for lack of time.
    public private(set) var unasked: UInt64 = 0
    /// In the order in which they were found.
    public private(set) var findings: [Finding] = []
    private var indices: [Kind: Int] = [:]

    public init() {}

    public var isEmpty: Bool { findings.isEmpty }

    /// Number of packets with a verdict.
    public var packets: UInt64 { findings.reduce(0) { $0 + $1.packets } }

    /// Counts a packet without a loss that matters.
    public mutating func addHealthy() { judged += 1 }

    /// - Parameters:
    ///   - time: time of the loss, in nanoseconds of CLOCK_MONOTONIC.
    ///   - isUnasked: whether the machine was not asked.
    public mutating func add(_ verdict: Verdict, at time: UInt64, isUnasked: Bool = false) -> Entry {
        judged += 1
        if isUnasked { unasked += 1 }
        let kind = kind(of: verdict)
        guard let index = indices[kind] else {
            indices[kind] = findings.count
            findings.append(
                Finding(
                    slug: verdict.slug, severity: verdict.severity, title: verdict.title,
                    culprit: verdict.culprit.summary, packets: 1, latest: time))
            return Entry(verdict: verdict, count: 1, isOfBurst: false)
        }
        let isOfBurst = time <= findings[index].latest + Self.burstGap
        findings[index].packets += 1
        findings[index].latest = max(time, findings[index].latest)
        return Entry(verdict: verdict, count: findings[index].packets, isOfBurst: isOfBurst)
    }

    private func kind(of verdict: Verdict) -> Kind {
        let evidence = verdict.evidence
        let kind = Kind(
            slug: verdict.slug, netns: evidence.netns, reason: evidence.reason, function: evidence.function,
            culprits: verdict.culprit.names)
        guard findings.count >= Self.maximumKinds, indices[kind] == nil else { return kind }
        return Kind(slug: verdict.slug, netns: nil, reason: nil, function: nil, culprits: [])
    }

    /// Sorted by severity, then by number of packets, largest first.
    public var sorted: [Finding] {
        findings.enumerated().sorted {
            ($0.1.severity, $0.1.packets, $1.0) > ($1.1.severity, $1.1.packets, $0.0)
        }.map(\.1)
    }
}

extension CulpritAnswer {
    /// Names that distinguish the answer: of all suspects, or the reason that no culprit is known.
    fileprivate var names: [String] {
        switch self {
        case .found(let culprit): [culprit.name]
        case .oneOf(let suspects, _): suspects.map(\.name)
        case .unknown(let because): [because]
        case .none: []
        }
    }

    /// nil if no culprit is known.
    fileprivate var summary: String? {
        switch self {
        case .found(let culprit): culprit.name
        case .oneOf(let suspects, _): suspects.count == 1 ? suspects[0].name : "one of \(suspects.count) suspects"
        case .unknown, .none: nil
        }
    }
}
