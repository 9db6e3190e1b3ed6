public import Analysis

/// Judges finished contexts: which of their losses matters most, and what it was by.
///
/// Pure but for `findCulprit`, which looks at the machine. Contexts without a loss cost no more than their ending, unless they
/// are of those that have to be answered (`Silence`).
public struct Diagnostician {
    private let causes: CauseCatalog
    private let collector: EvidenceCollector
    private var rules: EndingRules
    private var budget = QuestionBudget()
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

    /// What was concluded from one loss.
    struct Conclusion {
        var evidence: Evidence
        var cause: Cause?
        var proof: Proof
        /// nil: not asked for yet.
        var culprit: (answer: CulpritAnswer, placeholders: [String: String])?
    }

    /// The gravest loss of the packet; nil for a packet that nobody misses.
    public mutating func verdict(on context: FinishedContext) -> Verdict? {
        let ending = rules.ending(of: context, releases: releases)
        let isMissed = missesStrays && ending.isLostWholly
        var gravest: Conclusion?
        for fate in [ending.fate].compactMap(\.self) + ending.others where fate.kind == .dropped {
            guard let evidence = collector.evidence(forDropAt: fate.event, in: context),
                let loss = loss(by: evidence, at: context.timestamp(at: fate.event), isMissed: isMissed)
            else { continue }
            if let best = gravest, severity(best.cause) >= severity(loss.cause) { continue }
            gravest = loss
        }
        if gravest == nil { gravest = silence(in: context, ending) }
        return gravest.map { judge($0) }
    }

    /// nil: nobody misses it.
    ///
    /// - Parameter isMissed: also if it is nobody's business here.
    mutating func loss(by evidence: Evidence, at time: UInt64, isMissed: Bool = false) -> Conclusion? {
        let (cause, proof) = conclude(from: evidence)
        let own = Conclusion(evidence: evidence, cause: cause, proof: proof)
        let isExpected = cause?.isStray != true && evidence.reason.map(causes.isNormal) == true
        // To ask the machine takes time: of what nobody misses only a part is asked about, if it may be something else.
        guard !isExpected && matters(cause, isMissed) || cause?.alternatives.isEmpty == false && budget.take(at: time)
        else { return nil }
        let told = narrowed(own)
        // Where the machine has told another cause than the reason stands for, the reason is none any more.
        guard !isExpected || told.proof == .location, matters(told.cause, isMissed),
            told.cause != nil || !isUsedUp(evidence)
        else { return nil }
        return told
    }

    /// Of a packet that has to be answered the kernel does not say that it will not be.
    private mutating func silence(in context: FinishedContext, _ ending: ContextEnding) -> Conclusion? {
        guard ending.closure != .evicted, ending.fate?.kind ?? .consumed == .consumed,
            let evidence = collector.evidence(ofSilenceAfter: ending.fate?.event ?? ending.lastEvent, in: context)
        else { return nil }
        return silence(by: evidence, at: context.timestamp(at: evidence.event))
    }

    /// nil: nothing proves that anything is wrong.
    mutating func silence(by evidence: Evidence, at time: UInt64) -> Conclusion? {
        guard let silence = evidence.silence else { return nil }
        let suspects = causes.causes(ofSilence: silence)
        guard !suspects.isEmpty, budget.take(at: time) else { return nil }
        for cause in suspects {
            let culprit = findCulprit(evidence, cause)
            switch culprit.answer {
            case .found, .oneOf:
                return Conclusion(evidence: evidence, cause: cause, proof: .silence, culprit: culprit)
            case .unknown, .none: continue
            }
        }
        return nil
    }

    /// The causes between which the machine has to decide; none: the evidence is clear, or nothing is known.
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

    /// Where the evidence stands for several causes, the machine may show which: the only one that has a culprit there,
    /// and then one narrower than that.
    func narrowed(_ own: Conclusion) -> Conclusion {
        let suspects = suspects(own)
        var told = suspects.isEmpty ? own : chosen(own, among: suspects)
        let narrower = told.cause?.narrower.compactMap { causes.cause(named: $0) } ?? []
        if let only = onlyOneWithCulprit(narrower, told.evidence) {
            (told.cause, told.culprit) = (only, nil)
        }
        return told
    }

    private func onlyOneWithCulprit(_ suspects: [Cause], _ evidence: Evidence) -> Cause? {
        let found = suspects.filter { cause in
            if case .found = findCulprit(evidence, cause).answer { true } else { false }
        }
        return found.count == 1 ? found[0] : nil
    }

    /// What the kernel says stands for all of the suspects, and so for none.
    private func chosen(_ own: Conclusion, among suspects: [Cause]) -> Conclusion {
        var mute = own.evidence
        mute.reason = nil
        var sure: [(cause: Cause, culprit: Culprit, placeholders: [String: String])] = []
        var culprits: [Culprit] = []
        for cause in suspects {
            let (answer, placeholders) = findCulprit(mute, cause)
            switch answer {
            case .found(let culprit):
                sure.append((cause, culprit, placeholders))
                culprits.append(culprit)
            case .oneOf(let several, _): culprits += several
            case .unknown, .none: continue
            }
        }
        var told = own
        if sure.count == 1, culprits.allSatisfy({ $0.name == sure[0].culprit.name }) {
            if own.cause?.slug != sure[0].cause.slug { (told.cause, told.proof) = (sure[0].cause, .location) }
            told.culprit = (.found(sure[0].culprit), sure[0].placeholders)
        } else if !sure.isEmpty, own.cause != nil, own.cause?.slug != Self.unspecified {
            told.culprit = (.oneOf(culprits, because: "each of them refuses packets here"), sure[0].placeholders)
        }
        return told
    }

    private func severity(_ cause: Cause?) -> Cause.Severity { cause?.severity ?? .warning }

    private func matters(_ cause: Cause?, _ isMissed: Bool) -> Bool {
        cause?.isStray == true ? isMissed : cause?.severity != .normal
    }

    /// Without a word for it kernels free some packets that they have used up as if they dropped them.
    private func isUsedUp(_ evidence: Evidence) -> Bool {
        guard !evidence.hasTellingReason, let function = evidence.function else { return false }
        return causes.causes(atLocation: function).contains { $0.slug == CauseCatalog.consumed }
    }

    /// The drop reason is the kernel's own word; a value that a function returned may make it narrower (of all that
    /// netfilter drops, what it drops for its table being full). Where there is no reason, or one that says nothing, the
    /// values decide, and last the place, if packets die there of one cause only.
    func conclude(from evidence: Evidence) -> (Cause?, Proof) {
        let kinds = evidence.packet.map { PacketKind($0) } ?? []
        if let cause = causes.refined(reason: evidence.reason, at: evidence.function, packet: kinds) {
            return (cause, evidence.reason == nil ? .location : .reason)
        }
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

    private func judge(_ loss: Conclusion) -> Verdict {
        guard let cause = loss.cause else {
            return Verdict(
                evidence: loss.evidence, cause: nil, proof: loss.proof, culprit: .none, advice: Self.unknownAdvice)
        }
        let (answer, placeholders) = loss.culprit ?? findCulprit(loss.evidence, cause)
        var remedies: [Cause.Step] = []
        if case .found(let culprit) = answer { remedies = culprit.remedies }
        return Verdict(
            evidence: loss.evidence, cause: cause, proof: loss.proof, culprit: answer,
            advice: AdviceWriter(values: placeholders).advice(of: cause, remedies: remedies))
    }

    private static let unspecified = "unspecified"

    private static let unknownAdvice = [
        Advice(
            .check, command: nil,
            note: "run again with --stack-tracer skb:kfree_skb: the callers tell which check failed")
    ]
}
