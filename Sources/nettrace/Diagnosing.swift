import Analysis
import Culprits
import Diagnosis
import Pipeline
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
    /// The netfilter rules as they were before any loss.
    private let rules = RulesetArchive()

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

    func diagnosis(names: NameTable, hooks: [HookFacts]) -> TimelineDiagnosis {
        let collector = EvidenceCollector(
            hooks: hooks, dropReasons: names.dropReasonNames, symbolize: { names.symbol(at: $0) },
            describeReturn: { hook, value in names.describeReturn(value, of: hook) })
        let judge =
            asksThisMachine
            ? Judge(causes: causes, nameNamespace: { NamespaceName(ofThisMachine: $0) }) : Judge(causes: causes)
        let finders = CulpritFinders()
        return TimelineDiagnosis(
            Diagnostician(causes: causes, collector: collector, missesStrays: selectsPackets), judge: judge,
            desk: asksThisMachine ? InquiryDesk(judge: judge) { [rules] in Self.machine(finders, rules) } : nil,
            unasked: { Self.nobody(finders, because: $0) }, onlyFindings: onlyFindings,
            endsWithFinding: endsWithFinding)
    }

    /// Asks this machine, each question once.
    private static func machine(_ finders: CulpritFinders, _ rules: RulesetArchive) -> CulpritSearch {
        let memory = MachineMemory { inode throws(InspectionFailure) in
            try MachineNamespace(inode: inode, rules: rules)
        }
        return { evidence, cause in
            guard let netns = evidence.netns else {
                return CulpritFinding(
                    .unknown(because: "the trace does not show the network namespace"),
                    placeholders: evidence.placeholders)
            }
            var finding = CulpritFinding(.none, placeholders: evidence.placeholders)
            do throws(InspectionFailure) {
                finding.answer = finders.answer(
                    to: evidence, cause: cause.slug, in: try memory.namespace(inode: netns))
            } catch {
                finding.answer = .unknown(because: error.description)
            }
            if case .found(let culprit) = finding.answer {
                finding.placeholders.merge(culprit.values.filter { !$0.value.isEmpty }) { $1 }
            }
            return finding
        }
    }

    /// Before the first packet is seen: the rules may change after a loss.
    ///
    /// - Parameter namespaces: those whose packets are traced; empty: all are.
    func listRules(of namespaces: Set<UInt32>) {
        guard asksThisMachine else { return }
        rules.list(onlyOf: namespaces)
    }

    private static func nobody(_ finders: CulpritFinders, because reason: String) -> CulpritSearch {
        { evidence, cause in
            CulpritFinding(
                finders.knows(cause.slug) ? .unknown(because: reason) : .none, placeholders: evidence.placeholders)
        }
    }
}
