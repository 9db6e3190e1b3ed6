import HostInspection
import Rendering

/// Containers of processes and names of containers, cached for some seconds since both may change.
final class ContainerMemory {
    private var containers: [UInt32: String?] = [:]
    private var names: [String: String]?
    private var since: UInt64 = 0

    private static let age: UInt64 = 5_000_000_000
    private static let limit = 1 << 14

    /// The container of a process, by the paths of its cgroups, of version 1 or 2 (/proc/PID/cgroup).
    func container(ofProcess pid: UInt32) -> String? {
        forgetInTime()
        if let known = containers[pid] { return known }
        let id = ProcessTable.cgroups(of: pid).lazy.compactMap { ContainerID.full(in: $0) }.first
        if containers.count < Self.limit { containers[pid] = id }
        return id
    }

    func name(ofContainer id: String) -> String? {
        forgetInTime()
        let names = names ?? ContainerNames.all()
        self.names = names
        return names[id]
    }

    private func forgetInTime() {
        let now = eventTime()
        guard now > since + Self.age else { return }
        since = now
        containers.removeAll(keepingCapacity: true)
        names = nil
    }
}
