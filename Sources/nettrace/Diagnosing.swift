import Analysis
import Culprits
import Diagnosis
import Rendering

/// What a diagnosis needs to be made: the causes, and whether this machine may be asked for culprits.
struct Diagnosing {
    var causes: CauseCatalog
    /// Only packets that somebody misses are shown.
    var onlyFindings: Bool
    var endsWithFinding: Bool
    /// The user chose packets by what they look like.
    var selectsPackets: Bool
    /// False for recordings: the machine at hand need not be the one that recorded.
    var asksThisMachine: Bool

    init(
        _ arguments: DiagnosisArguments, causes: CauseCatalog, selectsPackets: Bool, asksThisMachine: Bool
    ) {
        self.causes = causes
        self.selectsPackets = selectsPackets
        self.asksThisMachine = asksThisMachine
        onlyFindings = arguments.diagQuiet
        endsWithFinding = !arguments.diagKeep
    }

    /// The tracer whose events tell of drops; with its callers, since the place alone often leaves several causes.
    static let dropTracer = "skb:kfree_skb"

    /// Tracers whose return values prove causes.
    var tellingTracers: Set<String> { Set(causes.causes.flatMap { $0.returns.map(\.tracer) }) }

    func diagnostician(names: NameTable, hooks: [HookFacts], rules: EndingRules) -> Diagnostician {
        let collector = EvidenceCollector(
            hooks: hooks, dropReasons: names.dropReasonNames, symbolize: { names.symbol(at: $0) },
            describeReturn: { hook, value in names.describeReturn(value, of: hook) })
        return Diagnostician(
            causes: causes, collector: collector, rules: rules, releases: { names.release(at: $0) },
            missesStrays: selectsPackets,
            findCulprit: { evidence, cause in
                asksThisMachine ? Self.askThisMachine(evidence, cause) : Self.askNobody(evidence, cause)
            })
    }

    private static func askThisMachine(_ evidence: Evidence, _ cause: Cause) -> (
        answer: CulpritAnswer, placeholders: [String: String]
    ) {
        var placeholders = evidence.placeholders
        guard let netns = evidence.netns else {
            return (.unknown(because: "the trace does not show the network namespace"), placeholders)
        }
        let answer: CulpritAnswer
        do throws(InspectionFailure) {
            answer = CulpritFinders().answer(to: evidence, cause: cause.slug, in: try MachineNamespace(inode: netns))
        } catch {
            answer = .unknown(because: error.description)
        }
        if case .found(let culprit) = answer {
            placeholders.merge(culprit.values.filter { !$0.value.isEmpty }) { $1 }
        }
        return (answer, placeholders)
    }

    private static func askNobody(_ evidence: Evidence, _ cause: Cause) -> (
        answer: CulpritAnswer, placeholders: [String: String]
    ) {
        let answer: CulpritAnswer =
            CulpritFinders().knows(cause.slug)
            ? .unknown(because: "a recording does not hold the settings of its machine; ask there") : .none
        return (answer, evidence.placeholders)
    }
}
