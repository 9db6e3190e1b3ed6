/// A fault that the shared tracer has watched, with its result so far; wrong verdicts may follow later.
struct PendingFault {
    let name: String
    let window: FaultWindow
    let check: FaultCheck
    var outcome = ScenarioExecution.Outcome.passed("")
    var seconds = 0.0
    private var told: [String] = []

    init(name: String, window: FaultWindow, check: FaultCheck) {
        self.name = name
        self.window = window
        self.check = check
    }

    /// Wrong verdicts of the tracer since the last call.
    mutating func newExcess() -> [String] {
        let news = check.excess(in: window.verdicts).filter { !told.contains($0) }
        told += news
        return news
    }
}

extension ScenarioExecution.Outcome {
    /// The same outcome with further problems.
    func with(_ problems: [String]) -> Self {
        guard !problems.isEmpty else { return self }
        if case .failed(let others) = self { return .failed(others + problems) }
        return .failed(problems)
    }
}
