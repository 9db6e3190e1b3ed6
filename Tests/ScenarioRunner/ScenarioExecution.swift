import Glibc

/// Runs one scenario on this machine, from its needs to the removal of everything it made.
struct ScenarioExecution {
    let scenario: Scenario
    let machine: Machine
    let program: Program
    /// A scratch folder for this scenario only.
    let folder: String
    let environment: [String: String]
    /// Watches faults instead of a process of their own; its output about this fault is in the window.
    var shared: (tracer: SharedTracer, window: FaultWindow)?
    var triesFixesOfShared = false

    enum Outcome {
        /// With a summary of the fault's losses.
        case passed(String)
        case skipped(String)
        case failed([String])
    }

    /// A nettrace process with its ready file.
    private struct Tracer {
        let run: Scenario.Run
        let form: Scenario.Run.Form
        let process: ChildProcess
        let readyFile: String

        var output: RunCheck.Output {
            RunCheck.Output(
                stdout: contents(of: process.stdout), stderr: contents(of: process.stderr), end: process.end)
        }
    }

    /// Throws `Interruption`, after cleaning up, and errors that make the scenario file unusable.
    func execute() throws -> Outcome {
        var servers: [ChildProcess] = []
        var tracers: [Tracer] = []
        var facts = ""
        let outcome = Result { () throws -> Outcome in
            if let need = try unmetNeed() { return .skipped("needs \(need)") }
            if let shared, let fault = scenario.runs.first?.fault {
                return .failed(try observe(fault, by: shared.tracer, shared.window, servers: &servers, facts: &facts))
            }
            let problems = try observe(servers: &servers, tracers: &tracers)
            facts = tracers.first.flatMap { self.facts(of: $0) } ?? ""
            return .failed(problems)
        }
        let remains = cleanUp(after: tracers.map(\.process) + servers)
        switch try outcome.get() {
        case .failed(let problems) where problems.isEmpty && remains.isEmpty:
            return .passed(facts)
        case .failed(let problems): return .failed(problems + remains)
        case let other: return remains.isEmpty ? other : .failed(remains)
        }
    }

    private func unmetNeed() throws -> String? {
        try scenario.needs.first { text in
            try !Requirement(text).isMet(on: machine) { try step("check", [$0]).succeeded }
        }
    }

    /// Descriptions of all problems; empty if there are none.
    private func observe(servers: inout [ChildProcess], tracers: inout [Tracer]) throws -> [String] {
        let setup = try step("setup", scenario.setup)
        servers.append(setup.child)
        guard setup.succeeded else { return setup.failure(of: "setup") }

        for run in scenario.runs { tracers.append(try start(run, number: tracers.count + 1)) }
        let ready = try Signals.wait(until: .hanging) {
            tracers.allSatisfy { exists($0.readyFile) || $0.process.end != nil }
        }
        guard ready else {
            return tracers.filter { !exists($0.readyFile) && $0.process.end == nil }
                .flatMap { report($0, ["neither ready nor ended in time"]) }
        }

        if !scenario.trigger.isEmpty {
            let trigger = try step("trigger", scenario.trigger)
            servers.append(trigger.child)
            guard trigger.succeeded else {
                return trigger.failure(of: "trigger") + tracers.flatMap { report($0, []) }
            }
        }
        var mended: Mended?
        if let tracer = tracers.first, let fault = tracer.run.fault, fault.isFixable, program.diagnoses {
            mended = try mend(fault, servers: &servers) { Trace(stdout: tracer.output.stdout) }
        }
        try stop(tracers)
        // At its end nettrace has reported all packets, including those that a socket holds.
        if let mended, let tracer = tracers.first {
            let problems = mended.problems(in: Trace(stdout: tracer.output.stdout))
            guard problems.isEmpty else { return report(tracer, problems) }
        }
        return tracers.flatMap { tracer in
            let problems = check(of: tracer).problems(in: tracer.output)
            return problems.isEmpty ? [] : report(tracer, problems)
        }
    }

    /// The same with the tracer that all faults share. Wrong verdicts may come later: the runner checks for them after
    /// the next fault.
    private func observe(
        _ fault: Fault, by tracer: SharedTracer, _ window: FaultWindow, servers: inout [ChildProcess],
        facts: inout String
    ) throws -> [String] {
        let setup = try step("setup", scenario.setup)
        servers.append(setup.child)
        guard setup.succeeded else { return setup.failure(of: "setup") }
        window.beginTrigger()
        let trigger = try step("trigger", scenario.trigger)
        servers.append(trigger.child)
        guard trigger.succeeded else { return trigger.failure(of: "trigger") }

        let check = FaultCheck(fault: fault, program: program, kernel: machine.kernel)
        _ = try Signals.wait(until: Deadline(seconds: 60)) {
            tracer.read()
            return tracer.hasEnded || check.shortcomings(in: window.sinceTrigger).isEmpty
        }
        try tracer.awaitSilence()
        let trace = window.sinceTrigger
        defer {
            window.close()
            window.forgetPackets()
        }
        facts = check.facts(in: trace)
        var problems = (tracer.trouble ?? []) + check.shortcomings(in: trace)
        if problems.isEmpty, fault.isFixable, triesFixesOfShared {
            func told() -> Trace {
                tracer.read()
                return window.sinceTrigger
            }
            let mended = try mend(fault, servers: &servers, trace: told)
            _ = try Signals.wait(until: Deadline(seconds: 60)) { mended.problems(in: told()).isEmpty }
            problems = mended.problems(in: told())
        }
        return problems.isEmpty ? [] : problems + ["seen: \(facts.isEmpty ? "nothing" : facts)"]
    }

    /// Runs the first fix of the fault's verdict and makes its packets again.
    private func mend(
        _ fault: Fault, servers: inout [ChildProcess], trace: () -> Trace
    ) throws -> Mended {
        let trial = FixTrial(fault: fault, namespaces: Namespaces().names)
        _ = try Signals.wait(until: Deadline(seconds: 60)) { trial.script(after: trace()) != nil }
        guard let script = trial.script(after: trace()) else {
            return Mended(trial: trial, failure: ["no verdict advises a fix that can be run"])
        }
        let fix = try step("fix", [script])
        servers.append(fix.child)
        guard fix.succeeded else {
            return Mended(trial: trial, script: script, failure: fix.failure(of: "fix"))
        }
        let start = monotonicTime()
        servers.append(try step("trigger-after-fix", scenario.trigger).child)
        return Mended(trial: trial, script: script, start: start)
    }

    private func start(_ run: Scenario.Run, number: Int) throws -> Tracer {
        let form = run.form(withKprobes: machine.hasKprobes)
        let readyFile = "\(folder)/ready\(number)"
        let start = "exec " + (run.inside.map { "ip netns exec \"\($0)\" " } ?? "") + "\"$NETTRACE\" "
        let script =
            switch form {
            case .json(let arguments): start + "--json --ready-file \"$READY\" " + arguments
            case .text(let arguments): start + "--ready-file \"$READY\" " + arguments
            case .raw(let arguments): start + arguments
            case .script(let lines): Self.prelude + lines.joined(separator: "\n")
            }
        var environment = environment
        environment["READY"] = readyFile
        let process = try ChildProcess(script: script, output: "\(folder)/run\(number)", environment: environment)
        return Tracer(run: run, form: form, process: process, readyFile: readyFile)
    }

    /// Waits for late output, then ends the tracers that do not end by themselves.
    ///
    /// The trigger is over, so nearly everything has happened; softirqs and timers may be a little late.
    private func stop(_ tracers: [Tracer]) throws {
        var waits = tracers.map { Satisfaction(of: $0.process, by: check(of: $0)) }
        var silence = UnansweredRequest(of: tracers.map(\.process), seconds: 3)
        _ = try Signals.wait(until: Deadline(seconds: 60)) {
            waits.indices.allSatisfy { waits[$0].isReached() } || silence.lasts()
        }
        for tracer in tracers {
            switch tracer.form {
            case .json, .text: tracer.process.send(SIGINT)
            case .raw, .script: break
            }
        }
        _ = try Signals.wait(until: .hanging) {
            tracers.allSatisfy { $0.process.end != nil }
        }
    }

    private static let prelude = ". \"$SCENARIOS/network.sh\"\n"

    private func step(_ name: String, _ lines: [String]) throws -> ScriptResult {
        try machine.run(
            Self.prelude + lines.joined(separator: "\n"), output: "\(folder)/\(name)", environment: environment)
    }

    /// Ends every process, runs the teardown and removes the namespaces, regardless of earlier failures.
    private func cleanUp(after processes: [ChildProcess]) -> [String] {
        processes.forEach { $0.destroy() }
        var problems: [String] = []
        for (name, lines) in [("teardown", scenario.teardown), ("removal of namespaces", [Namespaces().removal])] {
            do {
                let result = try step(name, lines)
                if !result.succeeded { problems += result.failure(of: name) }
            } catch {
                problems.append("the \(name) failed: \(error)")
            }
        }
        return problems
    }

    private func check(of tracer: Tracer) -> RunCheck {
        RunCheck(run: tracer.run, machine: machine, program: program)
    }

    private func facts(of tracer: Tracer) -> String? {
        tracer.run.fault.map { fault in
            FaultCheck(fault: fault, program: program, kernel: machine.kernel)
                .facts(in: Trace(stdout: tracer.output.stdout))
        }
    }

    private func report(_ tracer: Tracer, _ problems: [String]) -> [String] {
        let output = tracer.output
        return ["run: \(tracer.form)"] + problems.map { "  \($0)" }
            + ["  stdout, the last lines:"] + tail(of: output.stdout)
            + ["  stderr, the last lines:"] + tail(of: output.stderr)
    }
}
