import Tracers

/// What a word that somebody wants explained means.
public enum Topic: Sendable, Equatable {
    case reason(DropReason)
    case cause(Cause)
    /// A kernel function or tracer that drops packets or tells why, and the causes that it speaks for.
    case location(String, [Cause])
    /// A counter, by the name that was given; several where that leaves the protocol open.
    case counter(String, [Counter])
}

extension CauseCatalog {
    /// Finds what a user means: a drop reason in any spelling, a cause, a function of the kernel, or a counter.
    public func topic(named name: String) -> Topic? {
        if let reason = reason(named: name) { return .reason(reason) }
        let slug = name.lowercased().replacing("_", with: "-")
        if let cause = cause(named: slug) { return .cause(cause) }
        let speaking = causes(speakingFrom: name)
        if !speaking.isEmpty { return .location(name, speaking) }
        let counters = counters(named: name)
        return counters.isEmpty ? nil : .counter(name, counters)
    }

    /// Names near to one that means nothing, best first.
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
