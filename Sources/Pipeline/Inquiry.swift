public import Diagnosis

/// One search on the machine: for a lost packet, and for all that are like it and were lost at about the same time.
///
/// The desk that opened it knows how far it is.
public final class Inquiry: @unchecked Sendable {
    public let examination: Examination
    /// Nanoseconds of CLOCK_MONOTONIC; nil: the machine has not been asked yet. Under the desk's lock.
    var began: UInt64?
    /// Under the desk's lock.
    var outcome = Outcome.waiting

    public enum Outcome: Sendable {
        case waiting
        /// nil: nobody misses the packet.
        case judged(Verdict?)
    }

    init(_ examination: Examination) {
        self.examination = examination
    }
}
