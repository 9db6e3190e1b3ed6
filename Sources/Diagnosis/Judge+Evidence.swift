extension Judge {
    /// Concludes a cause from the evidence. The drop reason comes first; a return value may narrow it, such as a netfilter drop
    /// to a full conntrack table. Without a specific reason the return values decide, then the location if packets end there
    /// for one cause only.
    func conclude(from evidence: Evidence) -> (Cause?, Proof) {
        if let cause = causes.refined(reason: evidence.reason, at: evidence.function, packet: evidence.kinds) {
            return (cause, evidence.reason == nil ? .location : .reason)
        }
        var vague: Cause?
        if let reason = evidence.reason, let cause = causes.cause(forReason: reason, at: evidence.function) {
            guard cause.slug == Self.unspecified else {
                let narrower = causeByReturn(evidence) { cause.related.contains($0.slug) }
                return narrower.map { ($0.0, .returned($0.1)) } ?? (cause, .reason)
            }
            vague = cause
        }
        if let (cause, index) = causeByReturn(evidence) {
            // Of the functions that were running only the innermost has been evaluated; the functions that it called had
            // returned before.
            let narrower = causeByReturn(evidence) { cause.related.contains($0.slug) }
            return narrower.map { ($0.0, .returned($0.1)) } ?? (cause, .returned(index))
        }
        if let function = evidence.function, let cause = causes.cause(forLocation: function) {
            return (cause, .location)
        }
        return (vague, vague == nil ? .none : .reason)
    }

    /// Evaluates functions that were running at the drop first, innermost first (the order in which they return), then those
    /// that had returned, the latest first.
    private func causeByReturn(
        _ evidence: Evidence, where fits: (Cause) -> Bool = { _ in true }
    ) -> (Cause, Int)? {
        let indices = Array(evidence.returns.indices)
        let order =
            indices.filter { evidence.returns[$0].surroundsDrop }
            + indices.filter { !evidence.returns[$0].surroundsDrop }.reversed()
        for index in order {
            let result = evidence.returns[index]
            guard let number = result.number, let cause = causes.cause(forReturn: number, of: result.tracer),
                fits(cause)
            else { continue }
            return (cause, index)
        }
        return nil
    }
}
