import FoundationEssentials
import HostInspection
import KernelAccess
import Rendering

/// Containers that run on this machine: their cgroups, and what their engines call them.
struct ContainerFinder {
    /// By cgroup: the container's id.
    private let containers: [UInt64: String]
    private let names: [String: String]

    init(cgroups: [UInt64: String] = CgroupPaths.all(), names: [String: String] = ContainerNames.all()) {
        containers = cgroups.compactMapValues { ContainerID.full(in: $0) }
        self.names = names
    }

    /// By name, or by the beginning of the id.
    func search(_ name: String) -> ContainerSearch {
        let found = containers.filter { _, id in id.hasPrefix(name) || names[id] == name }
        let processes = found.isEmpty ? processesByContainer : [:]
        let inside = processes.filter { id, _ in id.hasPrefix(name) || names[id] == name }
        let ids = Set(containers.values).union(processes.keys)
        return ContainerSearch(
            cgroups: Set(found.keys), processes: Set(inside.values.joined()),
            others: ids.map { names[$0] ?? String($0.prefix(12)) }.sorted())
    }

    /// Where containers have cgroups of version 1 only, of which sockets know nothing: the processes in them.
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
