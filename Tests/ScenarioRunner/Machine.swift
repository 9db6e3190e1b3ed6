import Glibc

/// What the runner knows about the machine it runs on, and how it runs shell scripts there.
struct Machine {
    let kernel: KernelVersion
    let hasKprobes: Bool
    /// Factor for every time limit: emulated machines are slow.
    let patience: Double

    /// nil when uname(2) reports no version.
    init?(patience: Double) {
        guard let kernel = KernelVersion.running else { return nil }
        self.kernel = kernel
        self.patience = patience
        // From sysfs rather than from tracefs, which need not be mounted.
        hasKprobes = exists("/sys/bus/event_source/devices/kprobe")
    }

    func deadline(seconds: Double) -> Deadline {
        Deadline(seconds: seconds * patience)
    }

    /// Runs a script to its end, at most `seconds` times the machine's patience. Servers that it leaves behind live
    /// until the result is gone.
    func run(
        _ script: String, output: String, environment: [String: String], seconds: Double
    ) throws -> ScriptResult {
        let child = try ChildProcess(script: script, output: output, environment: environment)
        let inTime = try Signals.wait(until: deadline(seconds: seconds)) { child.end != nil }
        return ScriptResult(child: child, end: inTime ? child.end : nil)
    }
}

/// What became of a script.
struct ScriptResult {
    let child: ChildProcess
    /// nil when the time was up.
    let end: ChildProcess.End?

    var succeeded: Bool { end == .exited(0) }

    /// In words, with the end of what the script wrote.
    func failure(of step: String) -> [String] {
        let reason = end.map { "\($0)" } ?? "it did not end in time"
        return ["the \(step) failed: \(reason)"] + tail(of: contents(of: child.stdout))
            + tail(of: contents(of: child.stderr))
    }
}

func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
}

/// The last lines of a text, indented, for messages.
func tail(of text: String, lines: Int = 25) -> [String] {
    text.split(separator: "\n").suffix(lines).map { "    \($0.prefix(600))" }
}
