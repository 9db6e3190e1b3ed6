public import Analysis

/// Judges finished contexts: which of their losses matters most, and what it was by.
///
/// Pure but for `findCulprit`, which looks at the machine. Contexts without a loss cost no more than their ending.
public struct Diagnostician {
    private let causes: CauseCatalog
    private let collector: EvidenceCollector
    private var rules: EndingRules
    private let releases: (UInt64) -> PartRelease
    private let missesStrays: Bool
    private let findCulprit: (Evidence, Cause) -> (answer: CulpritAnswer, placeholders: [String: String])

    /// - Parameters:
    ///   - rules: for the same hooks as the collector.
    ///   - releases: what freeing means at a place in the kernel, as for `EndingRules.ending`.
    ///   - missesStrays: packets were asked for by what they look like, so that even one that is nobody's business here is
    ///     missed if it got through nowhere.
    ///   - findCulprit: who is to blame, and what the placeholders of advice stand for.
    public init(
        causes: CauseCatalog, collector: EvidenceCollector, rules: EndingRules,
        releases: @escaping (UInt64) -> PartRelease = { _ in .never }, missesStrays: Bool = false,
        findCulprit: @escaping (Evidence, Cause) -> (answer: CulpritAnswer, placeholders: [String: String])
    ) {
        self.causes = causes
        self.collector = collector
        self.rules = rules
        self.releases = releases
        self.missesStrays = missesStrays
        self.findCulprit = findCulprit
    }

    /// The gravest loss of the packet; nil for a packet that nobody misses.
    public mutating func verdict(on context: FinishedContext) -> Verdict? {
        let ending = rules.ending(of: context, releases: releases)
        let isMissed = missesStrays && ending.isLostWholly
        var gravest: (evidence: Evidence, cause: Cause?, proof: Proof)?
        for fate in [ending.fate].compactMap(\.self) + ending.others where fate.kind == .dropped {
            guard let evidence = collector.evidence(forDropAt: fate.event, in: context) else { continue }
            let broad = conclude(from: evidence)
            let isExpected = broad.0?.isStray != true && evidence.reason.map(causes.isNormal) == true
            // To ask the machine takes time: nobody is asked about what nobody misses.
            guard !isExpected, matters(broad.0, isMissed) else { continue }
            let (cause, proof) = narrowed(broad.0, broad.1, by: evidence)
            guard matters(cause, isMissed), cause != nil || !isUsedUp(evidence) else { continue }
            if let best = gravest, severity(best.cause) >= severity(cause) { continue }
            gravest = (evidence, cause, proof)
        }
        return gravest.map { judge($0.evidence, $0.cause, $0.proof) }
    }

    /// Where the evidence stands for several causes, the machine may show which: those that packets die of at a place, or
    /// those narrower than a drop reason.
    func narrowed(_ cause: Cause?, _ proof: Proof, by evidence: Evidence) -> (Cause?, Proof) {
        guard let cause, cause.slug != Self.unspecified else {
            let suspects = evidence.function.map { causes.causes(atLocation: $0) } ?? []
            guard let only = onlyOneWithCulprit(suspects, evidence) else { return (cause, proof) }
            return narrowed(only, .location, by: evidence)
        }
        let suspects = cause.narrower.compactMap { causes.cause(named: $0) }
        return (onlyOneWithCulprit(suspects, evidence) ?? cause, proof)
    }

    private func onlyOneWithCulprit(_ suspects: [Cause], _ evidence: Evidence) -> Cause? {
        let found = suspects.filter { cause in
            if case .found = findCulprit(evidence, cause).answer { true } else { false }
        }
        return found.count == 1 ? found[0] : nil
    }

    private func severity(_ cause: Cause?) -> Cause.Severity { cause?.severity ?? .warning }

    private func matters(_ cause: Cause?, _ isMissed: Bool) -> Bool {
        cause?.isStray == true ? isMissed : cause?.severity != .normal
    }

    /// Without a word for it kernels free some packets that they have used up as if they dropped them.
    private func isUsedUp(_ evidence: Evidence) -> Bool {
        guard !evidence.hasTellingReason, let function = evidence.function else { return false }
        return causes.causes(atLocation: function).contains { $0.slug == Self.consumed }
    }

    /// The drop reason is the kernel's own word; a value that a function returned may make it narrower (of all that
    /// netfilter drops, what it drops for its table being full). Where there is no reason, or one that says nothing, the
    /// values decide, and last the place, if packets die there of one cause only.
    func conclude(from evidence: Evidence) -> (Cause?, Proof) {
        var vague: Cause?
        if let reason = evidence.reason, let cause = causes.cause(forReason: reason, at: evidence.function) {
            guard cause.slug == Self.unspecified else {
                let narrower = causeByReturn(evidence) { cause.related.contains($0.slug) }
                return narrower.map { ($0.0, .returned($0.1)) } ?? (cause, .reason)
            }
            vague = cause
        }
        if let (cause, index) = causeByReturn(evidence) {
            // Of those that were running only the innermost has spoken; what it called had returned before.
            let narrower = causeByReturn(evidence) { cause.related.contains($0.slug) }
            return narrower.map { ($0.0, .returned($0.1)) } ?? (cause, .returned(index))
        }
        if let function = evidence.function, let cause = causes.cause(forLocation: function) {
            return (cause, .location)
        }
        return (vague, vague == nil ? .none : .reason)
    }

    /// A function that was running when the packet died speaks first, the innermost of them before those around it
    /// (they return in that order); then those that had returned, the latest first.
    private func causeByReturn(
        _ evidence: Evidence, where fits: (Cause) -> Bool = { _ in true }
    ) -> (Cause, Int)? {
        let indices = Array(evidence.returns.indices)
        let order =
            indices.filter { evidence.returns[$0].surroundsDrop }
            + indices.filter { !evidence.returns[$0].surroundsDrop }.reversed()
        for index in order {
            let result = evidence.returns[index]
            guard let number = result.number, let cause = causes.cause(forReturn: number, of: result.tracer),
                fits(cause)
            else { continue }
            return (cause, index)
        }
        return nil
    }

    private func judge(_ evidence: Evidence, _ cause: Cause?, _ proof: Proof) -> Verdict {
        guard let cause else {
            return Verdict(evidence: evidence, cause: nil, proof: proof, culprit: .none, advice: Self.unknownAdvice)
        }
        let (answer, placeholders) = findCulprit(evidence, cause)
        return Verdict(
            evidence: evidence, cause: cause, proof: proof, culprit: answer,
            advice: AdviceWriter(values: placeholders).advice(of: cause))
    }

    private static let unspecified = "unspecified"
    private static let consumed = "consumed"

    private static let unknownAdvice = [
        Advice(
            .check, command: nil,
            note: "run again with --stack-tracer skb:kfree_skb: the callers tell which check failed")
    ]
}
