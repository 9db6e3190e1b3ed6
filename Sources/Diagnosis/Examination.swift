/// All facts about a finished packet that its verdict needs: a copy, so that it can be judged later and on another
/// thread.
public struct Examination: Sendable {
    /// A lost skb, and the conclusion from the trace alone.
    struct Loss: Sendable {
        var own: Conclusion
        /// True if the kernel's reason belongs to normal operation, so that it is a loss only if the machine shows
        /// another cause.
        var isExpected: Bool
        /// True if the loss counts even though its cause is a stray one.
        var isMissed: Bool
    }

    var losses: [Loss] = []
    /// A packet that demands an answer and was freed without a report.
    var unanswered: Evidence?

    var isEmpty: Bool { losses.isEmpty && unanswered == nil }
}

/// The conclusion from one loss.
struct Conclusion: Sendable {
    var evidence: Evidence
    var cause: Cause?
    var proof: Proof
    /// nil if the machine was not asked yet.
    var culprit: CulpritFinding?
}

/// The culprit, and values for the placeholders of advice.
public struct CulpritFinding: Sendable {
    public var answer: CulpritAnswer
    public var placeholders: [String: String]

    public init(_ answer: CulpritAnswer, placeholders: [String: String] = [:]) {
        self.answer = answer
        self.placeholders = placeholders
    }
}

/// Searches the machine for a culprit, or reports that this is impossible. All searches for one verdict use the same
/// function.
public typealias CulpritSearch = (Evidence, Cause) -> CulpritFinding
