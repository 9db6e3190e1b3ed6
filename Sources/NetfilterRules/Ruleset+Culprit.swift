extension Ruleset {
    /// Who ended a packet that a hook did not let through.
    ///
    /// - Parameter before: an earlier snapshot of the same rules. If the two lie around the packet's end, rules whose
    ///   counters stood still between them are not suspected.
    public func culprit(of crossing: HookCrossing, before: Ruleset? = nil) -> Answer {
        var counters = CounterEvidence()
        if let before, let from = before.completeAt, let to = begunAt, let end = crossing.timestamp, from < end,
            end < to
        {
            counters = CounterEvidence(before: before, after: self)
        }
        var search = CulpritSearch(crossing, in: self, counters: counters)
        return search.answer()
    }
}
