import FoundationEssentials
import Glibc

/// Runs scenario files one after the other, prints a line for each and the totals as the last line.
@main
struct ScenarioRunner {
    private let arguments: Arguments
    private let machine: Machine
    private let program: Program
    private let workFolder: String
    private var shared: SharedTracer?
    /// The last fault that the shared tracer watched: wrong verdicts on it may still come.
    private var pending: PendingFault?
    private var settled: [PendingFault] = []
    private var passed = 0
    private var failed = 0
    private var skipped = 0
    /// Number of scenarios so far that need only one guest.
    private var single = 0
    /// Number of scenarios so far that run on every kernel; faults do not count.
    private var common = 0

    static func main() {
        guard let arguments = Arguments(CommandLine.arguments.dropFirst()) else {
            write(Arguments.usage, to: STDERR_FILENO)
            exit(EX_USAGE)
        }
        guard let machine = Machine(), let folder = makeWorkFolder(arguments.keep) else {
            write("ScenarioRunner: cannot prepare: \(String(cString: strerror(errno)))\n", to: STDERR_FILENO)
            exit(EX_OSERR)
        }
        Signals.block()
        let help = try? machine.run(
            "\"$NETTRACE\" --help", output: "\(folder)/help", environment: ["NETTRACE": arguments.nettrace])
        let program = Program(help: help.map { contents(of: $0.child.stdout) } ?? "")
        var runner = ScenarioRunner(arguments: arguments, machine: machine, program: program, workFolder: folder)
        let status = runner.runAll()
        if arguments.keep == nil { try? FileManager.default.removeItem(atPath: folder) }
        exit(status)
    }

    private init(arguments: Arguments, machine: Machine, program: Program, workFolder: String) {
        self.arguments = arguments
        self.machine = machine
        self.program = program
        self.workFolder = workFolder
    }

    /// Returns the exit code: 0 if nothing failed and something ran.
    private mutating func runAll() -> Int32 {
        var interruption: Int32?
        do {
            for file in try ScenarioFile.all(of: arguments) { try run(file) }
            try finishSharedTracer()
        } catch let error as Interruption {
            interruption = error.signal
        } catch {
            report("FAIL  \(error)", [])
            failed += 1
        }
        if passed + failed + skipped == 0 {
            report("FAIL  no scenario matches '\(arguments.filter)'", [])
            failed += 1
        }
        if interruption != nil { report("interrupted", []) }
        report("\(passed) passed, \(failed) failed, \(skipped) skipped", [])
        return interruption.map { 128 + $0 } ?? (failed == 0 ? 0 : 1)
    }

    private mutating func run(_ file: ScenarioFile) throws {
        let started = ContinuousClock.now
        let name = file.name
        let outcome: ScenarioExecution.Outcome
        var watched: PendingFault?
        shared?.pause()
        do {
            let scenario = try scenario(in: file.path)
            guard isWanted(scenario) else { return }
            var execution = execution(of: scenario, in: file.folder)
            if let fault = scenario.runs.first?.fault, let tracer = try sharedTracer(of: fault, for: execution) {
                let window = tracer.begin()
                execution.shared = (tracer, window)
                watched = PendingFault(
                    name: name, window: window,
                    check: FaultCheck(fault: fault, program: program, kernel: machine.kernel))
            }
            execution.triesFixesOfShared = arguments.triesFixes
            outcome = try execution.execute()
        } catch let error as Interruption {
            throw error
        } catch {
            outcome = .failed(["\(error)"])
        }
        let seconds = Double((ContinuousClock.now - started) / .milliseconds(100)).rounded() / 10
        if watched != nil, case .skipped = outcome { watched = nil }
        guard watched != nil else { return tell(outcome, of: name, seconds) }
        watched?.outcome = outcome
        watched?.seconds = seconds
        settlePending()
        pending = watched
    }

    /// Prints the result of the last fault that the shared tracer watched, with all output until now.
    private mutating func settlePending() {
        guard var fault = pending else { return }
        pending = nil
        shared?.read()
        let excess = fault.newExcess()
        tell(fault.outcome.with(excess), of: fault.name, fault.seconds)
        settled.append(fault)
    }

    private mutating func tell(_ outcome: ScenarioExecution.Outcome, of name: String, _ seconds: Double) {
        switch outcome {
        case .passed(let facts):
            passed += 1
            report("pass  \(name) (\(seconds) s)" + (facts.isEmpty ? "" : ": \(facts)"), [])
        case .skipped(let reason):
            skipped += 1
            report("skip  \(name): \(reason)", [])
        case .failed(let problems):
            failed += 1
            report("FAIL  \(name) (\(seconds) s)", problems)
        }
    }

    /// Whether the scenario belongs to this guest's part.
    private mutating func isWanted(_ scenario: Scenario) -> Bool {
        switch (scenario.place, arguments.once) {
        case (.everywhere, _):
            guard scenario.runs.first?.fault == nil else { return true }
            common += 1
            return arguments.common.contains(common - 1)
        case (_, .all): return true
        case (.here, _), (.once, .none): return false
        case (.once, .part(let part)):
            single += 1
            return part.contains(single - 1)
        }
    }

    private func scenario(in file: String) throws -> Scenario {
        let text = contents(of: file)
        let data = Data(text.utf8)
        guard let json = JSONValue(line: text), Fault.describes(json) else {
            return try JSONDecoder().decode(Scenario.self, from: data)
        }
        return try JSONDecoder().decode(Fault.self, from: data).scenario(for: program)
    }

    /// - Parameter scripts: the folder of the scripts that scenarios share.
    private func execution(of scenario: Scenario, in scripts: String) -> ScenarioExecution {
        let folder = "\(workFolder)/\(scenario.name)"
        mkdir(folder, 0o755)
        var environment = Namespaces().environment
        for name in ["PATH", "HOME"] { environment[name] = getenv(name).map { String(cString: $0) } }
        environment["NETTRACE"] = arguments.nettrace
        environment["SCENARIOS"] = scripts
        environment["WORK"] = folder
        return ScenarioExecution(
            scenario: scenario, machine: machine, program: program, folder: folder, environment: environment)
    }

    /// Healthy packets have a process of their own: only its end proves that there is no verdict on them.
    private mutating func sharedTracer(of fault: Fault, for execution: ScenarioExecution) throws -> SharedTracer? {
        guard arguments.sharesTracer, program.diagnoses, fault.verdict != nil, !fault.isAlone else { return nil }
        if shared == nil {
            shared = try SharedTracer(machine: machine, folder: workFolder, environment: execution.environment)
        }
        return shared
    }

    private mutating func finishSharedTracer() throws {
        shared?.pause()
        var problems = try shared?.finish(on: machine) ?? []
        settlePending()
        for index in settled.indices {
            problems += settled[index].newExcess().map { "said of \(settled[index].name), late: \($0)" }
        }
        guard !problems.isEmpty else { return }
        failed += 1
        report("FAIL  tracer-of-all-faults", problems)
    }

    private func report(_ line: String, _ details: [String]) {
        write(([line] + details.map { "      \($0)" }).joined(separator: "\n") + "\n", to: STDOUT_FILENO)
    }

    private static func makeWorkFolder(_ wanted: String?) -> String? {
        if let wanted { return mkdir(wanted, 0o755) == 0 || errno == EEXIST ? wanted : nil }
        var template = Array("/tmp/nettrace-scenarios-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Scenarios that drop their privileges need access.
        chmod(path, 0o755)
        return path
    }
}

/// Writes at once: a reader must not wait for a buffer, and a crash must not lose lines.
private func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}
