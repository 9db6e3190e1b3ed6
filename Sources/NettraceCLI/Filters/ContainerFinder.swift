import FoundationEssentials
import HostInspection
import KernelAccess
import Rendering

/// Containers that run on this machine: their cgroups, and the names that their engines use.
struct ContainerFinder {
    /// The container's id by cgroup.
    private let containers: [UInt64: String]
    private let names: [String: String]

    init(cgroups: [UInt64: String] = CgroupPaths.all(), names: [String: String] = ContainerNames.all()) {
        containers = cgroups.compactMapValues { ContainerID.full(in: $0) }
        self.names = names
    }

    /// Finds a container by its name, or by the beginning of its id.
    func search(_ name: String) -> ContainerSearch {
        let found = containers.filter { _, id in id.hasPrefix(name) || names[id] == name }
        let processes = found.isEmpty ? processesByContainer : [:]
        let inside = processes.filter { id, _ in id.hasPrefix(name) || names[id] == name }
        let ids = Set(containers.values).union(processes.keys)
        return ContainerSearch(
            cgroups: Set(found.keys), processes: Set(inside.values.joined()),
            others: ids.map { names[$0] ?? String($0.prefix(12)) }.sorted())
    }

    /// Processes by container id, for containers whose cgroups are of version 1 only, which sockets do not refer to.
    private var processesByContainer: [String: [UInt32]] {
        let processes = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap {
            UInt32($0)
        }
        return processes.reduce(into: [:]) { found, pid in
            let paths = ProcessTable.cgroups(of: pid)
            if let id = paths.lazy.compactMap({ ContainerID.full(in: $0) }).first { found[id, default: []].append(pid) }
        }
    }
}
