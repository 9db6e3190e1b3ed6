internal import CSyscalls
internal import Glibc

/// A BPF program on a control group, which sees all packets of the processes in the group and its descendants.
public struct ControlGroupProgram: Sendable, Equatable {
    /// Path in the hierarchy of version 2: `/system.slice/nginx.service`; `/` for the root.
    public var group: String
    public var id: UInt32
    /// Empty if the program was loaded without a name, or no longer exists.
    public var name: String

    public init(group: String, id: UInt32, name: String) {
        self.group = group
        self.id = id
        self.name = name
    }
}

/// The control groups visible to this process.
public enum ControlGroups {
    /// Limit of the search: more groups than any machine has.
    private static let most = 1 << 16

    /// Programs of all groups that filter packets of one direction (BPF_CGROUP_INET_INGRESS or _EGRESS).
    public static func programs(egress: Bool) throws(InspectionError) -> [ControlGroupProgram] {
        // A private mount, which works wherever the hierarchy is mounted, if at all, and ends with its descriptor.
        let root = nt_private_mount("cgroup2")
        if root == -ENODEV { return [] }
        guard root >= 0 else { throw .noPermission(to: "look at the control groups") }
        defer { close(root) }
        var found: [ControlGroupProgram] = []
        var pending = [""]
        var seen = 0
        while let path = pending.popLast(), seen < most {
            seen += 1
            let fd = openat(root, path.isEmpty ? "." : String(path.dropFirst()), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard fd >= 0 else { continue }
            for id in ids(fd, egress: egress) {
                let name = BPFInformation.name(ofProgram: id)
                found.append(ControlGroupProgram(group: path.isEmpty ? "/" : path, id: id, name: name))
            }
            pending += folders(fd).map { path + "/" + $0 }
        }
        return found
    }

    /// The group of a process in the hierarchy of version 2; nil if the process has ended.
    public static func group(ofProcess pid: UInt32) -> String? {
        let fd = open("/proc/\(pid)/cgroup", O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        return (try? contents(of: fd, limit: 1 << 14))?.split(separator: "\n")
            .first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) }
    }

    private static func ids(_ group: Int32, egress: Bool) -> [UInt32] {
        // The kernel attaches at most 64 programs to a group (BPF_CGROUP_MAX_PROGS, include/linux/bpf-cgroup.h).
        var ids = [UInt32](repeating: 0, count: 64)
        let count = nt_cgroup_programs(group, egress ? 1 : 0, &ids, UInt32(ids.count))
        return Array(ids.prefix(Int(max(count, 0))))
    }

    /// Names of the folders in a folder. Takes ownership of the descriptor.
    private static func folders(_ fd: Int32) -> [String] {
        guard let stream = fdopendir(fd) else {
            close(fd)
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
