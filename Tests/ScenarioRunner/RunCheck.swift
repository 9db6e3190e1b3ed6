import Glibc

/// Compares the result of one nettrace process with its scenario's expectations.
struct RunCheck {
    let run: Scenario.Run
    let machine: Machine
    let program: Program

    /// The output so far, or at the end.
    struct Output {
        let stdout: String
        let stderr: String
        let end: ChildProcess.End?
    }

    /// Whether everything expected on stdout has appeared, so that waiting longer is pointless. Ignores the account on
    /// stderr, which is printed at the end.
    func isSatisfied(by stdout: String) -> Bool {
        eventProblems(in: Trace(stdout: stdout)).isEmpty && run.stdout.allSatisfy { $0.holds(for: stdout) }
    }

    /// Descriptions of all problems; empty if there are none.
    func problems(in output: Output) -> [String] {
        var problems: [String] = []
        if let end = output.end {
            if end != .exited(run.exit) { problems.append("ended with \(end) instead of exit code \(run.exit)") }
        } else {
            problems.append("did not end in time")
        }
        for pattern in run.stdout where !pattern.holds(for: output.stdout) {
            problems.append("stdout: expected \(pattern)")
        }
        for pattern in run.stderr where !pattern.holds(for: output.stderr) {
            problems.append("stderr: expected \(pattern)")
        }
        if case .json = run.form(withKprobes: machine.hasKprobes), run.exit == 0 {
            let trace = Trace(stdout: output.stdout)
            problems +=
                eventProblems(in: trace) + absenceProblems(in: trace) + trace.accountingProblems(expected: run.summary)
        }
        return problems
    }

    private func eventProblems(in trace: Trace) -> [String] {
        var problems: [String] = []
        let wanted = machine.hasKprobes ? run.expect : run.expectWithoutKprobes ?? run.expect
        let patterns = wanted.filter { $0.applies(to: machine.kernel) }
        if case .missing(let index, let aliases) = trace.sequence.find(patterns) {
            let names = aliases.isEmpty ? "" : " with \(JSONValue.object(aliases))"
            problems.append(
                "no event matches expectation \(index + 1) of \(patterns.count): "
                    + "\(JSONValue.object(patterns[index].fields))\(names)")
        }
        for count in run.count where count.match.applies(to: machine.kernel) {
            let actual = trace.sequence.count(of: count.match)
            var aliases: [String: JSONValue] = [:]
            if !ValueMatcher.matches(count.is, .integer(Int64(actual)), aliases: &aliases) {
                problems.append("\(actual) events instead of \(count.is) match \(JSONValue.object(count.match.fields))")
            }
        }
        return problems + (faultCheck?.shortcomings(in: trace) ?? [])
    }

    private var faultCheck: FaultCheck? {
        run.fault.map { FaultCheck(fault: $0, program: program, kernel: machine.kernel) }
    }

    private func absenceProblems(in trace: Trace) -> [String] {
        (faultCheck?.excess(in: trace) ?? [])
            + run.absent.filter { $0.applies(to: machine.kernel) }.compactMap { pattern in
                let event = trace.sequence.events.first { event in
                    var aliases: [String: JSONValue] = [:]
                    return pattern.matches(event, aliases: &aliases)
                }
                return event.map {
                    "an event matches what must be absent, \(JSONValue.object(pattern.fields)): \(JSONValue.object($0))"
                }
            }
    }
}

/// Whether a process has printed everything expected, or has ended. Reads its output again only if there is more of it.
struct Satisfaction {
    private let process: ChildProcess
    private let check: RunCheck
    private var known = -1
    private var wasReached = false
    /// Waits for late output of runs that print only at their end.
    private let patience = Deadline(seconds: 1)

    init(of process: ChildProcess, by check: RunCheck) {
        self.process = process
        self.check = check
    }

    mutating func isReached() -> Bool {
        guard !wasReached else { return true }
        let length = size(of: process.stdout)
        if process.end != nil {
            wasReached = true
        } else if check.run.reportsAtItsEnd(withKprobes: check.machine.hasKprobes) {
            wasReached = patience.hasPassed
        } else if length != known {
            known = length
            wasReached = check.isSatisfied(by: contents(of: process.stdout))
        }
        return wasReached
    }
}

/// Size of a file in bytes; -1 if it does not exist.
private func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : -1
}
