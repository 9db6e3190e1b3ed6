import FoundationEssentials
import Glibc

/// Whether processes are idle: for some seconds every look found all members of their groups asleep. A process that
/// waits for a processor is ready to run, not asleep.
struct UnansweredRequest {
    private let groups: Set<pid_t>
    private let seconds: Double
    private var since = ContinuousClock.now
    private var nextLook = ContinuousClock.now

    init(of processes: [ChildProcess], seconds: Double) {
        groups = Set(processes.map(\.group))
        self.seconds = seconds
    }

    /// Call repeatedly; looks at most ten times a second.
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

/// The state of a process in /proc/PID/stat (proc_pid_stat(5)).
struct ProcessState {
    let group: pid_t
    /// Whether it runs, is ready to run, or waits for a disk or a kernel lock.
    let isAtWork: Bool

    /// Returns nil if the process is gone.
    init?(_ stat: String) {
        // The second field is the name in parentheses, which may contain any character.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[end...].split(separator: " ")
        guard fields.count > 3, let group = pid_t(fields[3]) else { return nil }
        self.group = group
        isAtWork = fields[1] == "R" || fields[1] == "D"
    }
}
