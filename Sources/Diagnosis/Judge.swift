/// Turns evidence into a verdict: the cause that the evidence proves and, from a search on the machine, the culprit.
///
/// A value without mutable state, so that any thread can use it.
public struct Judge: Sendable {
    let causes: CauseCatalog
    private let nameNamespace: @Sendable (UInt32) -> NamespaceName

    /// - Parameter nameNamespace: returns the names of a network namespace, by its inode number.
    public init(
        causes: CauseCatalog,
        nameNamespace: @escaping @Sendable (UInt32) -> NamespaceName = { NamespaceName(inode: $0) }
    ) {
        self.causes = causes
        self.nameNamespace = nameNamespace
    }

    /// Judges the packet's most severe loss; nil if no loss counts.
    public func verdict(on examination: Examination, asking search: CulpritSearch) -> Verdict? {
        var gravest: Conclusion?
        for loss in examination.losses {
            guard let conclusion = self.conclusion(on: loss, asking: search) else { continue }
            if let best = gravest, severity(best.cause) >= severity(conclusion.cause) { continue }
            gravest = conclusion
        }
        if gravest == nil, let unanswered = examination.unanswered {
            gravest = conclusion(onUnanswered: unanswered, asking: search)
        }
        return gravest.map { verdict(of: $0, asking: search) }
    }

    /// Whether the verdict depends on the state of the machine.
    public func asksMachine(about examination: Examination) -> Bool {
        examination.unanswered != nil
            || examination.losses.contains { $0.own.cause != nil || !suspects($0.own).isEmpty }
    }

    /// Returns nil if the loss does not count.
    func conclusion(on loss: Examination.Loss, asking search: CulpritSearch) -> Conclusion? {
        let conclusion = narrowed(loss.own, asking: search)
        // If the machine's state points to another cause, the kernel's drop reason no longer counts as evidence.
        guard !loss.isExpected || conclusion.proof == .location, matters(conclusion.cause, loss.isMissed),
            conclusion.cause != nil || !isUsedUp(loss.own.evidence)
        else { return nil }
        return conclusion
    }

    /// Returns nil if nothing proves a fault.
    func conclusion(onUnanswered evidence: Evidence, asking search: CulpritSearch) -> Conclusion? {
        guard let unanswered = evidence.unanswered else { return nil }
        for cause in causes.causes(ofUnanswered: unanswered) {
            let culprit = search(evidence, cause)
            switch culprit.answer {
            case .found, .oneOf:
                return Conclusion(evidence: evidence, cause: cause, proof: .unanswered, culprit: culprit)
            case .unknown, .none: continue
            }
        }
        return nil
    }

    /// The causes between which the machine must decide; empty if the evidence is clear, or if there are no candidates.
    private func suspects(_ own: Conclusion) -> [Cause] {
        guard let cause = own.cause, cause.slug != Self.unspecified else {
            let here = own.evidence.function.map { causes.causes(atLocation: $0) } ?? []
            let others = here.flatMap { causes.alternatives(to: $0) }
            return others.reduce(into: here) { all, other in
                if !all.contains(other) { all.append(other) }
            }
        }
        let others = causes.alternatives(to: cause)
        return others.isEmpty ? [] : [cause] + others
    }

    /// If the evidence stands for several causes, chooses the only one with a culprit on the machine, then a narrower one in
    /// the same way.
    func narrowed(_ own: Conclusion, asking search: CulpritSearch) -> Conclusion {
        let suspects = suspects(own)
        var conclusion = suspects.isEmpty ? own : chosen(own, among: suspects, asking: search)
        let narrower = conclusion.cause?.narrower.compactMap { causes.cause(named: $0) } ?? []
        if let only = onlyOneWithCulprit(narrower, conclusion.evidence, asking: search) {
            (conclusion.cause, conclusion.culprit) = (only, nil)
        }
        return conclusion
    }

    private func onlyOneWithCulprit(
        _ suspects: [Cause], _ evidence: Evidence, asking search: CulpritSearch
    ) -> Cause? {
        let found = suspects.filter { cause in
            if case .found = search(evidence, cause).answer { true } else { false }
        }
        return found.count == 1 ? found[0] : nil
    }

    /// Asks the machine about all suspects, without the kernel's drop reason: it is the same for all and proves none.
    private func chosen(_ own: Conclusion, among suspects: [Cause], asking search: CulpritSearch) -> Conclusion {
        var mute = own.evidence
        mute.reason = nil
        var sure: [(cause: Cause, culprit: Culprit, placeholders: [String: String])] = []
        var culprits: [Culprit] = []
        for cause in suspects {
            let finding = search(mute, cause)
            switch finding.answer {
            case .found(let culprit):
                sure.append((cause, culprit, finding.placeholders))
                culprits.append(culprit)
            case .oneOf(let several, _): culprits += several
            case .unknown, .none: continue
            }
        }
        var conclusion = own
        if sure.count == 1, culprits.allSatisfy({ $0.name == sure[0].culprit.name }) {
            if own.cause?.slug != sure[0].cause.slug {
                (conclusion.cause, conclusion.proof) = (sure[0].cause, .location)
            }
            conclusion.culprit = CulpritFinding(.found(sure[0].culprit), placeholders: sure[0].placeholders)
        } else if !sure.isEmpty, own.cause != nil, own.cause?.slug != Self.unspecified {
            conclusion.culprit = CulpritFinding(
                .oneOf(culprits, because: "each of them refuses packets here"), placeholders: sure[0].placeholders)
        }
        return conclusion
    }

    private func severity(_ cause: Cause?) -> Cause.Severity { cause?.severity ?? .warning }

    func matters(_ cause: Cause?, _ isMissed: Bool) -> Bool {
        cause?.isStray == true ? isMissed : cause?.severity != .normal
    }

    /// Whether the function also frees consumed packets: some kernels free them like drops, without a reason.
    private func isUsedUp(_ evidence: Evidence) -> Bool {
        guard !evidence.hasTellingReason, let function = evidence.function else { return false }
        return causes.causes(atLocation: function).contains { $0.slug == CauseCatalog.consumed }
    }

    private func verdict(of loss: Conclusion, asking search: CulpritSearch) -> Verdict {
        let namespace = loss.evidence.netns.map(nameNamespace)
        guard let cause = loss.cause else {
            return Verdict(
                evidence: loss.evidence, cause: nil, proof: loss.proof, culprit: .none, advice: Self.unknownAdvice,
                namespace: namespace)
        }
        let finding = loss.culprit ?? search(loss.evidence, cause)
        return Verdict(
            evidence: loss.evidence, cause: cause, proof: loss.proof, culprit: finding.answer,
            advice: AdviceWriter(values: finding.placeholders, namespace: namespace)
                .advice(of: cause, remedies: finding.answer.remedies),
            namespace: namespace)
    }

    static let unspecified = "unspecified"

    private static let unknownAdvice = [
        Advice(
            .check, command: nil,
            note: "run again with --stack-tracer skb:kfree_skb: the callers show which check failed")
    ]
}
