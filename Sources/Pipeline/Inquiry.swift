public import Diagnosis

/// One search on the machine, for a lost packet and for similar ones lost at about the same time.
///
/// Its state is available from the desk that opened it.
public final class Inquiry: @unchecked Sendable {
    public let examination: Examination
    /// Start time in nanoseconds of CLOCK_MONOTONIC; nil if the machine was not asked yet. Guarded by the desk's lock.
    var began: UInt64?
    /// Guarded by the desk's lock.
    var outcome = Outcome.waiting

    public enum Outcome: Sendable {
        case waiting
        /// nil if the packet has no loss that matters.
        case judged(Verdict?)
    }

    init(_ examination: Examination) {
        self.examination = examination
    }
}
