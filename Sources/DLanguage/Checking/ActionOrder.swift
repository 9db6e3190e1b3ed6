/// Rules about the order of actions within a clause: a clause that speculates or commits records only there.
struct ActionOrder {
    private var hasRecorded = false
    private var hasSpeculated = false
    private var hasCommitted = false

    mutating func add(_ action: ActionName, _ position: SourcePosition) throws(Diagnostic) {
        func refuse(_ what: String) -> Diagnostic {
            Diagnostic(
                "\(action)() cannot follow \(what) in the same clause", at: position,
                advice: "write a clause of its own", tag: Self.tag(action, after: what))
        }
        switch action {
        case .speculate:
            if hasRecorded { throw refuse("actions that record data") }
            if hasCommitted { throw refuse("commit()") }
            if hasSpeculated { throw refuse("speculate()") }
            hasSpeculated = true
        case .commit:
            if hasRecorded { throw refuse("actions that record data") }
            if hasCommitted { throw refuse("commit()") }
            hasCommitted = true
        case .exit:
            if hasSpeculated { throw refuse("speculate()") }
        default:
            if action.isDestructive, hasSpeculated { throw refuse("speculate()") }
            guard action.isRecording else { break }
            if hasCommitted { throw refuse("commit()") }
            hasRecorded = true
        }
    }

    private static func tag(_ action: ActionName, after what: String) -> ErrorTag {
        let before = ["commit()": "COMM", "speculate()": "SPEC"][what] ?? "DREC"
        return switch action {
        case .speculate: ErrorTag("SPEC_" + before)
        case .commit: ErrorTag("COMM_" + before)
        case .exit: ErrorTag("EXIT_" + before)
        default: before == "SPEC" ? ErrorTag("ACT_SPEC") : ErrorTag("DREC_" + before)
        }
    }

    mutating func addAggregation(_ position: SourcePosition) throws(Diagnostic) {
        guard !hasSpeculated, !hasCommitted else {
            throw Diagnostic(
                "an aggregation cannot follow \(hasSpeculated ? "speculate" : "commit")() in the same clause",
                at: position, advice: "write a clause of its own", tag: .init(hasSpeculated ? "AGG_SPEC" : "AGG_COMM"))
        }
        hasRecorded = true
    }
}
