import Analysis
import Culprits
import Diagnosis
import Pipeline
import Rendering
import Tracers

/// Sets up a diagnosis: the causes, and whether this machine may be asked for culprits.
struct DiagnosisSetup {
    var causes: CauseCatalog
    private let finders: CulpritFinders
    /// Only lost packets are shown.
    var onlyFindings: Bool
    var endsWithFinding: Bool
    /// A filter selects packets by their contents.
    var selectsPackets: Bool
    /// False for recordings, which may come from another machine.
    var asksThisMachine: Bool
    /// The netfilter rules as listed before the first packet.
    private let rules = RulesetArchive()

    init(
        _ arguments: DiagnosisArguments, causes: CauseCatalog, netfilter: NetfilterPlaces, selectsPackets: Bool,
        asksThisMachine: Bool
    ) {
        self.causes = causes
        finders = CulpritFinders(netfilter: netfilter)
        self.selectsPackets = selectsPackets
        self.asksThisMachine = asksThisMachine
        onlyFindings = arguments.diagQuiet
        endsWithFinding = !arguments.diagKeep
    }

    /// The tracer whose events report drops. Its stacks matter since the place alone often leaves several causes.
    static let dropTracer = "skb:kfree_skb"

    /// Tracers recorded with call stacks: drops, and losses of XDP, of which only the stack shows whether there was an skb.
    static let stackTracers = Set([dropTracer] + FrameLoss.allCases.map(\.tracer))

    /// Tracers whose return values prove causes.
    var provingTracers: Set<String> { Set(causes.causes.flatMap { $0.returns.map(\.tracer) }) }

    func diagnosis(names: NameTable, hooks: [HookFacts]) -> ContextDiagnosis {
        let collector = EvidenceCollector(
            hooks: hooks, dropReasons: names.dropReasonNames, symbolize: { names.symbol(at: $0) },
            describeReturn: { hook, value in names.describeReturn(value, of: hook) })
        let judge =
            asksThisMachine
            ? Judge(causes: causes, nameNamespace: { NamespaceName(ofThisMachine: $0) }) : Judge(causes: causes)
        return ContextDiagnosis(
            Diagnostician(causes: causes, collector: collector, missesStrays: selectsPackets), judge: judge,
            desk: asksThisMachine
                ? InquiryDesk(judge: judge) { [finders, rules] in Self.machine(finders, rules) } : nil,
            unasked: { [finders] in Self.unasked(finders, because: $0) }, onlyFindings: onlyFindings,
            endsWithFinding: endsWithFinding)
    }

    /// A search on this machine, which asks each question once.
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

    /// Lists the netfilter rules before the first packet is seen, since they may change after a loss.
    ///
    /// - Parameter namespaces: namespaces whose packets are traced; empty: all.
    func listRules(of namespaces: Set<UInt32>) {
        guard asksThisMachine else { return }
        rules.list(onlyOf: namespaces)
    }

    private static func unasked(_ finders: CulpritFinders, because reason: String) -> CulpritSearch {
        { evidence, cause in
            CulpritFinding(
                finders.knows(cause.slug) ? .unknown(because: reason) : .none, placeholders: evidence.placeholders)
        }
    }
}
