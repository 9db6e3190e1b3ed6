/// Processes as /proc lists them.
public enum ProcessTable {
    /// Kind of task that has a number.
    public enum Entry: Equatable, Sendable {
        case none
        case process
        case thread(of: UInt32)
    }

    /// /proc lists only processes, but opens threads by their number, too (proc(5), Tgid).
    public static func entry(_ id: UInt32) -> Entry {
        guard let status = text("/proc/\(id)/status") else { return .none }
        let line = status.split(separator: "\n").first { $0.hasPrefix("Tgid:") }
        let owner = line.flatMap { UInt32($0.dropFirst(5).filter { $0.isNumber }) }
        guard let owner, owner != id else { return .process }
        return .thread(of: owner)
    }

    /// The parent of a process (proc(5), PPid); nil if the process is gone.
    public static func parent(_ id: UInt32) -> UInt32? {
        let line = text("/proc/\(id)/status")?.split(separator: "\n").first { $0.hasPrefix("PPid:") }
        return line.flatMap { UInt32($0.dropFirst(5).filter { $0.isNumber }) }
    }

    /// Numbers of processes are below this; nil if the kernel does not report it.
    public static var limit: UInt32? {
        text("/proc/sys/kernel/pid_max").flatMap { UInt32($0.prefix { $0.isNumber }) }
    }

    /// Whether any thread has this name now.
    public static func hasThread(named name: String) -> Bool {
        entries(of: "/proc").contains { process in
            guard process.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return false }
            return entries(of: "/proc/\(process)/task").contains {
                text("/proc/\(process)/task/\($0)/comm").map { $0.dropLast() == name } ?? false
            }
        }
    }

    /// Paths of a process's cgroups, in version 2 and in each hierarchy of version 1.
    public static func cgroups(of pid: UInt32) -> [String] {
        // Fields: HIERARCHY:CONTROLLERS:PATH (cgroups(7)).
        text("/proc/\(pid)/cgroup")?.split(separator: "\n").compactMap {
            $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last.map(String.init)
        } ?? []
    }

    /// Number of the user with this name in /etc/passwd.
    public static func user(named name: String) -> UInt32? {
        guard let lines = text("/etc/passwd")?.split(separator: "\n") else { return nil }
        let fields = lines.lazy.map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        return fields.first { $0.count > 2 && $0[0] == name }.flatMap { UInt32($0[2]) }
    }
}
