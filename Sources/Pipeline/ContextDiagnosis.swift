import Analysis
public import Diagnosis
import Events

/// How the packets of a stream are judged, and what the verdicts decide.
public struct ContextDiagnosis {
    private var diagnostician: Diagnostician
    private let judge: Judge
    private let desk: InquiryDesk?
    private let unasked: (_ because: String) -> CulpritSearch
    let onlyFindings: Bool
    let endsWithFinding: Bool
    private(set) var findings = VerdictTally()

    /// - Parameters:
    ///   - desk: judges by what the machine answers; nil: no machine can be asked.
    ///   - unasked: a search that asks nobody and says why.
    ///   - onlyFindings: packets that nobody misses are not shown.
    ///   - endsWithFinding: the first one that somebody misses is the last one shown.
    public init(
        _ diagnostician: Diagnostician, judge: Judge, desk: InquiryDesk?,
        unasked: @escaping (_ because: String) -> CulpritSearch, onlyFindings: Bool, endsWithFinding: Bool
    ) {
        self.diagnostician = diagnostician
        self.judge = judge
        self.desk = desk
        self.unasked = unasked
        self.onlyFindings = onlyFindings
        self.endsWithFinding = endsWithFinding
    }

    /// The state of a packet's verdict.
    enum State {
        /// nil: nobody misses the packet.
        case known(Verdict?, isUnasked: Bool)
        case awaited(Inquiry)
    }

    /// Takes every record in the order of the ring.
    @inline(__always)
    mutating func note(_ event: EventView) { diagnostician.note(event) }

    /// Judges a packet, or has it judged.
    mutating func begin(_ context: FinishedContext, _ ending: ContextEnding) -> State {
        guard let examination = diagnostician.examine(context, ending) else { return .known(nil, isUnasked: false) }
        guard judge.asksMachine(about: examination) else {
            return .known(judge.verdict(on: examination, asking: unasked("")), isUnasked: false)
        }
        guard let desk else {
            let search = unasked("a recording does not hold the settings of its machine; ask there")
            return .known(judge.verdict(on: examination, asking: search), isUnasked: false)
        }
        if let inquiry = desk.open(examination, at: context.endTime) { return .awaited(inquiry) }
        return .known(
            verdict(on: examination, unasked: "too many losses at a time: this one was not looked into"),
            isUnasked: true)
    }

    /// The state by now.
    func update(_ state: State) -> State {
        guard case .awaited(let inquiry) = state, let desk, case .judged(let verdict) = desk.outcome(of: inquiry) else {
            return state
        }
        return .known(verdict, isUnasked: false)
    }

    /// The verdict that the trace alone gives, where the machine's answers come too late.
    func abandon(_ inquiry: Inquiry) -> State {
        .known(
            verdict(on: inquiry.examination, unasked: "the machine's answers did not come in time"), isUnasked: true)
    }

    func wait(for inquiry: Inquiry, until deadline: UInt64) {
        desk?.waitForNews(of: inquiry, until: deadline)
    }

    func close() { desk?.close() }

    /// Enters a verdict into the book of the run; nil for a packet that nobody misses.
    mutating func enter(_ verdict: Verdict?, isUnasked: Bool, at time: UInt64) -> VerdictTally.Entry? {
        guard let verdict else {
            findings.addHealthy()
            return nil
        }
        return findings.add(verdict, at: time, isUnasked: isUnasked)
    }

    private func verdict(on examination: Examination, unasked why: String) -> Verdict? {
        judge.verdict(on: examination, asking: unasked(why))
    }
}
