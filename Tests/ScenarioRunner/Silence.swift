import FoundationEssentials
import Glibc

/// Whether processes have nothing to do: for some seconds whoever looked found all that belong to their groups asleep. One
/// that a busy machine keeps waiting for its turn is ready to run, which is not sleep.
struct Silence {
    private let groups: Set<pid_t>
    private let seconds: Double
    private var since = ContinuousClock.now
    private var nextLook = ContinuousClock.now

    init(of processes: [ChildProcess], seconds: Double) {
        groups = Set(processes.map(\.group))
        self.seconds = seconds
    }

    /// To be asked again and again; looks ten times a second at most.
    mutating func lasts() -> Bool {
        let now = ContinuousClock.now
        guard now >= nextLook else { return false }
        nextLook = now + .milliseconds(100)
        if isBroken { since = now }
        return now - since >= .seconds(seconds)
    }

    private var isBroken: Bool {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.contains { entry in
            guard entry.first?.isNumber == true, let process = ProcessState(contents(of: "/proc/\(entry)/stat")) else {
                return false
            }
            return process.isAtWork && groups.contains(process.group)
        }
    }
}

/// What /proc/PID/stat says of a process (proc_pid_stat(5)).
struct ProcessState {
    let group: pid_t
    /// It runs, wants to run, or waits for a disk or a lock of the kernel.
    let isAtWork: Bool

    /// nil when the process is gone.
    init?(_ stat: String) {
        // The second field is the name, in parentheses, and may hold anything.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[end...].split(separator: " ")
        guard fields.count > 3, let group = pid_t(fields[3]) else { return nil }
        self.group = group
        isAtWork = fields[1] == "R" || fields[1] == "D"
    }
}
