import Events
import KernelAccess
import Rendering

/// Cgroups and containers as the user named them, compared with the names in a recording.
struct ReplayGroups {
    var paths = ValueChoice<String>()
    var containers = ValueChoice<String>()

    var isEmpty: Bool { paths.isEmpty && containers.isEmpty }

    /// A cgroup as users name it, from the root of the hierarchy on.
    static func path(_ cgroup: String) -> String {
        let folder = cgroup.hasPrefix("/sys/fs/cgroup/") ? cgroup.dropFirst("/sys/fs/cgroup".count) : cgroup[...]
        return folder.hasPrefix("/") ? String(folder) : "/" + folder
    }

    /// - Parameter path: path of the socket's cgroup; nil if it is not known.
    func allow(_ path: String?) -> Bool {
        guard let path else { return paths.wanted.isEmpty && containers.wanted.isEmpty }
        let container = ContainerID.full(in: path)
        let isInside = { (cgroup: String) in
            let name = Self.path(cgroup)
            return path == name || path.hasPrefix(name == "/" ? name : name + "/")
        }
        let isContainer = { (name: String) in container?.hasPrefix(name) ?? false }
        if paths.unwanted.contains(where: isInside) || containers.unwanted.contains(where: isContainer) { return false }
        return (paths.wanted.isEmpty || paths.wanted.contains(where: isInside))
            && (containers.wanted.isEmpty || containers.wanted.contains(where: isContainer))
    }
}
