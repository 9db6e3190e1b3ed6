public import Analysis
public import Events

/// Extracts from finished contexts the losses that count, with the evidence of the trace.
///
/// Pure, and fast enough for the thread that reads events: contexts without a loss cost only the computation of their ending,
/// except packets that demand an answer (`UnansweredRequest`).
public struct Diagnostician {
    private let causes: CauseCatalog
    private let collector: EvidenceCollector
    private let judge: Judge
    private var budget = QuestionBudget()
    private let missesStrays: Bool
    private var reports = FrameReports()

    /// - Parameters:
    ///   - collector: for the hooks of the run.
    ///   - missesStrays: true if the user selected the packets by their contents, so that the loss of a stray one counts if no
    ///     copy of it was delivered.
    public init(causes: CauseCatalog, collector: EvidenceCollector, missesStrays: Bool = false) {
        self.causes = causes
        self.collector = collector
        self.missesStrays = missesStrays
        judge = Judge(causes: causes)
    }

    /// The losses to be judged; nil if the packet has none that counts, regardless of the machine's state.
    public mutating func examine(_ context: FinishedContext, _ ending: ContextEnding) -> Examination? {
        let isMissed = missesStrays && ending.isLostWholly
        var examination = Examination()
        for fate in [ending.fate].compactMap(\.self) + ending.others where fate.kind == .dropped {
            guard var evidence = collector.evidence(forDropAt: fate.event, in: context) else { continue }
            // Of an skb the drop is judged, not the report before it.
            if let frame = evidence.lostFrame, FrameCarrier(of: frame, stack: evidence.stack) != .frame { continue }
            addReport(to: &evidence, at: context.timestamp(at: fate.event))
            guard let loss = loss(by: evidence, at: context.timestamp(at: fate.event), isMissed: isMissed)
            else { continue }
            examination.losses.append(loss)
        }
        examination.unanswered = unanswered(in: context, ending)
        return examination.isEmpty ? nil : examination
    }

    /// Takes every record of the ring in its order, since XDP reports its losses apart from the packets.
    @inline(__always)
    public mutating func note(_ event: EventView) {
        guard event.flags.contains(.drop) else { return }
        if event.isOfFrames {
            if let report = collector.report(in: event) { reports.add(report, cpu: event.cpu) }
        } else if reports.awaitsDrop {
            reports.close(skb: event.skb, time: event.timestamp, cpu: event.cpu)
        }
    }

    private func addReport(to evidence: inout Evidence, at time: UInt64) {
        guard !reports.isEmpty, evidence.lostFrame == nil,
            let report = reports.report(ofDrop: evidence.skb, at: time, ifindex: evidence.device?.ifindex)
        else { return }
        evidence.add(report.frame, reportedBy: report.tracer)
    }

    /// Returns nil if the loss does not count.
    ///
    /// - Parameter isMissed: whether a stray loss counts as well.
    mutating func loss(by evidence: Evidence, at time: UInt64, isMissed: Bool = false) -> Examination.Loss? {
        let (cause, proof) = judge.conclude(from: evidence)
        let isExpected = cause?.isStray != true && evidence.reason.map(causes.isNormal) == true
        // The machine is asked about ends that do not count only if another cause is possible, and only for some of them: each
        // search takes time.
        guard
            !isExpected && judge.matters(cause, isMissed)
                || cause?.alternatives.isEmpty == false && budget.take(at: time)
        else { return nil }
        return Examination.Loss(
            own: Conclusion(evidence: evidence, cause: cause, proof: proof), isExpected: isExpected, isMissed: isMissed)
    }

    /// The kernel does not report that it leaves a packet unanswered, so that its receipt is the evidence.
    private mutating func unanswered(in context: FinishedContext, _ ending: ContextEnding) -> Evidence? {
        guard ending.closure != .evicted, ending.fate?.kind ?? .consumed == .consumed,
            let evidence = collector.evidence(ofSilenceAfter: ending.fate?.event ?? ending.lastEvent, in: context),
            maySearch(evidence, at: context.timestamp(at: evidence.event))
        else { return nil }
        return evidence
    }

    /// Whether the machine is to be asked about a packet that was received but perhaps not answered.
    mutating func maySearch(_ evidence: Evidence, at time: UInt64) -> Bool {
        guard let unanswered = evidence.unanswered else { return false }
        return causes.hasCause(ofUnanswered: unanswered) && budget.take(at: time)
    }
}
