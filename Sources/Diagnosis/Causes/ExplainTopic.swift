import Tracers

/// The meaning of a word that a user wants explained.
public enum ExplainTopic: Sendable, Equatable {
    case reason(DropReason)
    case cause(Cause)
    /// A kernel function or tracer that drops packets or shows the reason, with its causes.
    case location(String, [Cause])
    /// A counter, by the given name; several if the name leaves the protocol open.
    case counter(String, [Counter])
}

extension CauseCatalog {
    /// Finds a topic by name: a drop reason in any spelling, a cause, a kernel function, or a counter.
    public func topic(named name: String) -> ExplainTopic? {
        if let reason = reason(named: name) { return .reason(reason) }
        let slug = name.lowercased().replacing("_", with: "-")
        if let cause = cause(named: slug) { return .cause(cause) }
        let speaking = causes(speakingFrom: name)
        if !speaking.isEmpty { return .location(name, speaking) }
        let counters = counters(named: name)
        return counters.isEmpty ? nil : .counter(name, counters)
    }

    /// Known names that resemble an unknown one, best match first.
    public func names(near name: String, limit: Int = 4) -> [String] {
        let locations = Set(causes.flatMap { $0.locations + $0.returns.map(\.tracer) })
        let counters = Set(counters.flatMap(\.words)).sorted()
        let all = reasons.map(\.shortName) + causes.map(\.slug) + locations.sorted() + counters
        return nearestNames(to: DropReason.shortName(name.uppercased()), in: all, limit: limit)
    }

    private func causes(speakingFrom function: String) -> [Cause] {
        causes.filter { cause in
            cause.locations.contains(function) || cause.returns.contains { $0.tracer == function }
                || cause.refinements.contains { $0.location == function }
        }
    }
}
