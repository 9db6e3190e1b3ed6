/// All of a finished packet that its verdict goes by: a copy, so that it can be judged later and on another thread.
public struct Examination: Sendable {
    /// An skb that was lost, and what the trace alone says about it.
    struct Loss: Sendable {
        var own: Conclusion
        /// The kernel's reason belongs to normal operation; only another cause that the machine shows makes it a loss.
        var isExpected: Bool
        /// Missed even if it is nobody's business here.
        var isMissed: Bool
    }

    var losses: [Loss] = []
    /// A packet that demands an answer and was taken without a word.
    var silence: Evidence?

    var isEmpty: Bool { losses.isEmpty && silence == nil }
}

/// What was concluded from one loss.
struct Conclusion: Sendable {
    var evidence: Evidence
    var cause: Cause?
    var proof: Proof
    /// nil: not asked for yet.
    var culprit: CulpritFinding?
}

/// Who is to blame, and what the placeholders of advice stand for.
public struct CulpritFinding: Sendable {
    public var answer: CulpritAnswer
    public var placeholders: [String: String]

    public init(_ answer: CulpritAnswer, placeholders: [String: String] = [:]) {
        self.answer = answer
        self.placeholders = placeholders
    }
}

/// Asks the machine, or knows that it can not be asked. All questions of one verdict go to the same search.
public typealias CulpritSearch = (Evidence, Cause) -> CulpritFinding
