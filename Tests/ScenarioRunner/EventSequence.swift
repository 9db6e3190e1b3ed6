/// The events of a run, in the order in which nettrace printed them.
struct EventSequence: Sendable {
    let events: [[String: JSONValue]]

    /// The result of the search for an ordered subset.
    enum Outcome {
        case found
        /// `index` of the pattern that the best attempt could not match, with the names that were bound by then.
        case missing(index: Int, aliases: [String: JSONValue])
    }

    /// Searches for the patterns as an ordered subset: each must match an event after the previous pattern's.
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
            // If a match bound no new name, later matches of the same pattern cannot do better.
            if bound.count == aliases.count { return false }
        }
        return false
    }
}
