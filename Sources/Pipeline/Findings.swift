public import Diagnosis

/// The verdicts of a run: one for each kind of loss and culprit, with the number of packets that it holds for.
public struct Findings: Sendable, Equatable {
    /// A verdict and the packets that it holds for.
    public struct Finding: Sendable, Equatable {
        public var slug: String
        public var severity: Cause.Severity
        public var title: String
        /// Who is to blame, in one line; nil where that is not known.
        public var culprit: String?
        public var packets: UInt64
        /// When the latest of them was lost, in nanoseconds of CLOCK_MONOTONIC.
        var latest: UInt64
    }

    /// One packet's verdict among those of the run.
    public struct Entry: Sendable {
        public let verdict: Verdict
        /// How many packets it holds for by now.
        public let count: UInt64
        /// It has been given before.
        public var isKnown: Bool { count > 1 }
        /// It belongs to a burst of its kind, of which it is not the first.
        public let isOfBurst: Bool
    }

    private struct Kind: Hashable {
        var slug: String
        var netns: UInt32?
        var reason: String?
        var function: String?
        var culprits: [String]
    }

    /// Kinds that are told apart; what is more counts for its cause alone.
    private static let maximumKinds = 4096
    /// Nanoseconds without a loss of its kind after which a burst is over.
    private static let burstGap: UInt64 = 300_000_000

    public private(set) var judged: UInt64 = 0
    /// Packets with a verdict for which the machine was not asked, since it had no time.
    public private(set) var unasked: UInt64 = 0
    /// In the order in which they were found.
    public private(set) var findings: [Finding] = []
    private var indices: [Kind: Int] = [:]

    public init() {}

    public var isEmpty: Bool { findings.isEmpty }

    /// Packets with a verdict.
    public var packets: UInt64 { findings.reduce(0) { $0 + $1.packets } }

    /// Takes note of a packet that nobody misses.
    public mutating func addHealthy() { judged += 1 }

    /// - Parameters:
    ///   - time: of the loss, in nanoseconds of CLOCK_MONOTONIC.
    ///   - isUnasked: the machine was not asked.
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

    /// The gravest first, then the most frequent.
    public var sorted: [Finding] {
        findings.enumerated().sorted {
            ($0.1.severity, $0.1.packets, $1.0) > ($1.1.severity, $1.1.packets, $0.0)
        }.map(\.1)
    }
}

extension CulpritAnswer {
    /// Names of all that may be to blame.
    fileprivate var names: [String] {
        switch self {
        case .found(let culprit): [culprit.name]
        case .oneOf(let suspects, _): suspects.map(\.name)
        case .unknown(let because): [because]
        case .none: []
        }
    }

    /// nil where nothing is known.
    fileprivate var summary: String? {
        switch self {
        case .found(let culprit): culprit.name
        case .oneOf(let suspects, _): suspects.count == 1 ? suspects[0].name : "one of \(suspects.count) suspects"
        case .unknown, .none: nil
        }
    }
}
