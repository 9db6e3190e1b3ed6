import Glibc

/// The machine that the runner runs on: its features, and how to run shell scripts there.
struct Machine {
    let kernel: KernelVersion
    let hasKprobes: Bool

    /// Returns nil if uname(2) reports no version.
    init?() {
        guard let kernel = KernelVersion.running else { return nil }
        self.kernel = kernel
        // From sysfs, since tracefs may not be mounted.
        hasKprobes = exists("/sys/bus/event_source/devices/kprobe")
    }

    /// Runs a script to its end. Servers that it starts live until the result is deallocated.
    func run(_ script: String, output: String, environment: [String: String]) throws -> ScriptResult {
        let child = try ChildProcess(script: script, output: output, environment: environment)
        let inTime = try Signals.wait(until: .hanging) { child.end != nil }
        return ScriptResult(child: child, end: inTime ? child.end : nil)
    }
}

/// The result of a script.
struct ScriptResult {
    let child: ChildProcess
    /// nil on timeout.
    let end: ChildProcess.End?

    var succeeded: Bool { end == .exited(0) }

    /// The failure as text, with the end of the script's output.
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
