/// The events of a run, in the order in which nettrace printed them.
struct EventSequence: Sendable {
    let events: [[String: JSONValue]]

    /// What the search for an ordered subset ended with.
    enum Outcome {
        case found
        /// `index` of the pattern that the best attempt could not match, with the names bound until then.
        case missing(index: Int, aliases: [String: JSONValue])
    }

    /// Looks for the patterns as an ordered subset: each is matched by an event after the previous one's.
    func find(_ patterns: [Pattern]) -> Outcome {
        var best = (index: -1, aliases: [String: JSONValue]())
        return search(patterns, at: 0, from: 0, aliases: [:], best: &best)
            ? .found : .missing(index: best.index, aliases: best.aliases)
    }

    func count(of pattern: Pattern) -> Int {
        events.count { event in
            var aliases: [String: JSONValue] = [:]
            return pattern.matches(event, aliases: &aliases)
        }
    }

    private func search(
        _ patterns: [Pattern], at index: Int, from start: Int, aliases: [String: JSONValue],
        best: inout (index: Int, aliases: [String: JSONValue])
    ) -> Bool {
        guard index < patterns.count else { return true }
        if index > best.index { best = (index, aliases) }
        for position in start..<max(start, events.count) {
            var bound = aliases
            guard patterns[index].matches(events[position], aliases: &bound) else { continue }
            if search(patterns, at: index + 1, from: position + 1, aliases: bound, best: &best) { return true }
            // A match that bound nothing new leaves later matches of the same pattern no better chance.
            if bound.count == aliases.count { return false }
        }
        return false
    }
}
