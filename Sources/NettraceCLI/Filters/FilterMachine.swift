import HostInspection
import KernelAccess
import Tracers

/// Facts that filters need to know about the machine whose packets they select.
protocol FilterMachine {
    var processLimit: UInt32? { get }
    func process(_ id: UInt32) -> ProcessTable.Entry
    func hasThread(named name: String) -> Bool
    var ownNamespace: UInt32 { get throws }
    /// nil: nothing that is visible refers to the namespace.
    func interfaces(ofNamespace inode: UInt32) -> NamespaceInterfaces?
    /// The id of the cgroup at `path`, a directory or a path from the root of the hierarchy.
    func cgroup(_ path: String) -> UInt64?
    func containers(named name: String) -> ContainerSearch
}

/// Devices of a network namespace.
struct NamespaceInterfaces {
    /// nil: the namespace cannot be entered.
    var names: [String]?
    var indices: [String: UInt32] = [:]
}

/// The result of a search for a container by id or name.
struct ContainerSearch {
    var cgroups: Set<UInt64> = []
    /// Processes of the container, if its cgroups are of version 1.
    var processes: Set<UInt32> = []
    /// Other containers that exist, by name if it is known.
    var others: [String] = []
}

/// The machine that nettrace runs on.
struct LocalMachine: FilterMachine {
    var processLimit: UInt32? { ProcessTable.limit }
    func process(_ id: UInt32) -> ProcessTable.Entry { ProcessTable.entry(id) }
    func hasThread(named name: String) -> Bool { ProcessTable.hasThread(named: name) }
    var ownNamespace: UInt32 { get throws { try NetworkNamespace(named: "current").inode } }

    func interfaces(ofNamespace inode: UInt32) -> NamespaceInterfaces? {
        let handle: NamespaceHandle
        do throws(InspectionError) {
            handle = try NamespaceHandle(inode: UInt64(inode))
        } catch {
            if case .namespaceGone = error { return nil }
            return NamespaceInterfaces()
        }
        guard let names = try? handle.interfaceNames() else { return NamespaceInterfaces() }
        var interfaces = NamespaceInterfaces(names: names)
        for name in names { interfaces.indices[name] = try? handle.index(ofInterface: name) }
        return interfaces
    }

    func cgroup(_ path: String) -> UInt64? { CgroupPaths.id(ofPath: path) }

    func containers(named name: String) -> ContainerSearch { ContainerFinder().search(name) }
}
