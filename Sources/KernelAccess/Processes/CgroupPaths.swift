import Glibc
import SystemPackage

/// Id of a cgroup → its path, in the version 2 hierarchy as far as it is visible from here.
///
/// The id is the inode number of the cgroup's directory (fs/kernfs/dir.c, kernfs_ino).
public final class CgroupPaths {
    private var names: ScannedNames<String>

    /// More cgroups than any machine has; each entry costs the memory of its path.
    private static let limit = 1 << 16

    /// If cgroup version 2 is not mounted, no id has a path.
    public init() {
        let mount = (try? readFile("/proc/self/mountinfo")).flatMap { CgroupMount(mountinfo: $0) }
        names = ScannedNames(limit: Self.limit) { mount.map { Self.scan($0, limit: Self.limit) } ?? [:] }
    }

    /// The path, such as `/system.slice/nginx.service`; `/` for the root. May scan all cgroups if the id is new.
    public func path(of id: UInt64) -> String? { names.name(of: id) }

    /// All cgroups that exist now, by id.
    public static func all() -> [UInt64: String] {
        let mount = (try? readFile("/proc/self/mountinfo")).flatMap { CgroupMount(mountinfo: $0) }
        return mount.map { scan($0, limit: limit) } ?? [:]
    }

    /// The id of a cgroup, by its path in the hierarchy or the path of its directory; nil if it does not exist.
    public static func id(ofPath path: String) -> UInt64? {
        guard let mount = (try? readFile("/proc/self/mountinfo")).flatMap({ CgroupMount(mountinfo: $0) }) else {
            return nil
        }
        let point = mount.point.string
        var inside = path.hasPrefix(point + "/") || path == point ? path.dropFirst(point.count) : path[...]
        if inside.hasPrefix(mount.root + "/") { inside = inside.dropFirst(mount.root.count) }
        let folder = mount.point.pushing(FilePath(String(inside.drop { $0 == "/" })))
        var status = stat()
        guard folder.withPlatformString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            return nil
        }
        return UInt64(status.st_ino)
    }

    /// Scans the whole tree. Leaves out cgroups beyond `limit`.
    static func scan(_ mount: CgroupMount, limit: Int) -> [UInt64: String] {
        var paths: [UInt64: String] = [:]
        var pending = [(folder: mount.point, path: mount.root)]
        if let root = inode(mount.point) { paths[root] = mount.root.isEmpty ? "/" : mount.root }
        while let (folder, path) = pending.popLast() {
            for name in directoryEntries(folder, onlyDirectories: true) {
                let inside = folder.appending(name)
                guard paths.count < limit, let inode = inode(inside) else { continue }
                paths[inode] = path + "/" + name
                pending.append((inside, path + "/" + name))
            }
        }
        return paths
    }

    private static func inode(_ path: FilePath) -> UInt64? {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else { return nil }
        return UInt64(status.st_ino)
    }
}

/// The mount point of the cgroup version 2 hierarchy.
struct CgroupMount: Equatable {
    var point: FilePath
    /// The cgroup that is mounted there, as a prefix of paths; empty for the root, also for that of a cgroup namespace.
    var root: String

    init(point: FilePath, root: String) {
        self.point = point
        self.root = root
    }

    /// Prefers a mount of the whole hierarchy. Returns nil if there is none.
    init?(mountinfo: [UInt8]) {
        let mounts = mountinfo.split(separator: UInt8(ascii: "\n")).compactMap { Self.parse(line: $0) }
        guard let mount = mounts.first(where: \.root.isEmpty) ?? mounts.first else { return nil }
        self = mount
    }

    /// `31 23 0:28 root point options… - cgroup2 source …` (proc_pid_mountinfo(5)).
    private static func parse(line: ArraySlice<UInt8>) -> CgroupMount? {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard let dash = fields.firstIndex(where: { $0.elementsEqual("-".utf8) }), dash >= 6, dash + 1 < fields.count,
            fields[dash + 1].elementsEqual("cgroup2".utf8)
        else { return nil }
        let root = unescaped(fields[3])
        // Outside of our namespace's root, only relative paths are known.
        let isRoot = root == "/" || root.hasPrefix("/..")
        return CgroupMount(point: FilePath(unescaped(fields[4])), root: isRoot ? "" : root)
    }

    /// The kernel writes spaces, newlines and backslashes as octal escapes such as `\040`.
    private static func unescaped(_ field: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
