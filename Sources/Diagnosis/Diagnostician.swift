public import Analysis

/// Takes from finished contexts what their verdicts go by: which of their losses count, and what the trace says about them.
///
/// Pure, and quick enough for the thread that reads events: contexts without a loss cost no more than their ending, unless
/// they are of those that have to be answered (`Silence`).
public struct Diagnostician {
    private let causes: CauseCatalog
    private let collector: EvidenceCollector
    private let judge: Judge
    private var budget = QuestionBudget()
    private let missesStrays: Bool

    /// - Parameters:
    ///   - collector: for the hooks of the run.
    ///   - missesStrays: packets were asked for by what they look like, so that even one that is nobody's business here is
    ///     missed if it got through nowhere.
    public init(causes: CauseCatalog, collector: EvidenceCollector, missesStrays: Bool = false) {
        self.causes = causes
        self.collector = collector
        self.missesStrays = missesStrays
        judge = Judge(causes: causes)
    }

    /// What is to be judged; nil for a packet that nobody misses, whatever the machine is like.
    public mutating func examine(_ context: FinishedContext, _ ending: ContextEnding) -> Examination? {
        let isMissed = missesStrays && ending.isLostWholly
        var examination = Examination()
        for fate in [ending.fate].compactMap(\.self) + ending.others where fate.kind == .dropped {
            guard let evidence = collector.evidence(forDropAt: fate.event, in: context),
                let loss = loss(by: evidence, at: context.timestamp(at: fate.event), isMissed: isMissed)
            else { continue }
            examination.losses.append(loss)
        }
        examination.silence = silence(in: context, ending)
        return examination.isEmpty ? nil : examination
    }

    /// nil: nobody misses it.
    ///
    /// - Parameter isMissed: also if it is nobody's business here.
    mutating func loss(by evidence: Evidence, at time: UInt64, isMissed: Bool = false) -> Examination.Loss? {
        let (cause, proof) = judge.conclude(from: evidence)
        let isExpected = cause?.isStray != true && evidence.reason.map(causes.isNormal) == true
        // To ask the machine takes time: of what nobody misses only a part is asked about, if it may be something else.
        guard
            !isExpected && judge.matters(cause, isMissed)
                || cause?.alternatives.isEmpty == false && budget.take(at: time)
        else { return nil }
        return Examination.Loss(
            own: Conclusion(evidence: evidence, cause: cause, proof: proof), isExpected: isExpected, isMissed: isMissed)
    }

    /// Of a packet that has to be answered the kernel does not say that it will not be.
    private mutating func silence(in context: FinishedContext, _ ending: ContextEnding) -> Evidence? {
        guard ending.closure != .evicted, ending.fate?.kind ?? .consumed == .consumed,
            let evidence = collector.evidence(ofSilenceAfter: ending.fate?.event ?? ending.lastEvent, in: context),
            maySearch(evidence, at: context.timestamp(at: evidence.event))
        else { return nil }
        return evidence
    }

    /// True if there is something to ask the machine about a packet that was taken without a word, and it may be asked.
    mutating func maySearch(_ evidence: Evidence, at time: UInt64) -> Bool {
        guard let silence = evidence.silence else { return false }
        return !causes.causes(ofSilence: silence).isEmpty && budget.take(at: time)
    }
}
