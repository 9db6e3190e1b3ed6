public import Diagnosis
import Text

/// The text on one topic: of `nettrace explain`, or of a reason that only the running kernel knows.
public struct Explanation {
    public enum Subject {
        case topic(ExplainTopic)
        /// A drop reason of the running kernel that tracers.json does not explain.
        case unexplained(reason: String)
    }

    public var subject: Subject
    /// The reason's number on the running kernel, where that is known.
    public var value: UInt32?
    public let catalog: CauseCatalog

    public init(_ subject: Subject, value: UInt32? = nil, catalog: CauseCatalog) {
        self.subject = subject
        self.value = value
        self.catalog = catalog
    }

    /// The causes to describe, the likeliest first.
    var causes: [Cause] {
        switch subject {
        case .topic(.reason(let reason)): catalog.cause(named: reason.cause).map { [$0] } ?? []
        case .topic(.cause(let cause)): [cause]
        case .topic(.location(_, let causes)): causes
        case .topic(.counter(_, let counters)):
            counters.flatMap(\.causes).reduce(into: [Cause]()) { found, slug in
                if let cause = catalog.cause(named: slug), !found.contains(cause) { found.append(cause) }
            }
        case .unexplained: []
        }
    }
}
