import CSyscalls
import Glibc
import SystemPackage

/// A network namespace that a user has named.
public struct NetworkNamespace: Sendable, Equatable {
    /// Inode number, as in /proc/PID/ns/net and in events.
    public var inode: UInt32

    /// First inode number of namespaces, far above process ids: include/linux/proc_ns.h, PROC_DYNAMIC_FIRST.
    private static let firstInode: UInt32 = 0xf000_0000

    /// - Parameter name: `current`, a process id, an inode number, a name of `ip netns`, or the path of a namespace
    ///   file.
    public init(named name: String) throws(KernelError) {
        let remedy = "name one of 'ip netns list', a path, the number of a process or of an inode, or 'current'"
        let number = UInt32(name)
        if let number, number >= Self.firstInode {
            inode = number
            return
        }
        guard !name.isEmpty else { throw KernelError("no network namespace is named ''", remedy: remedy) }
        let path: FilePath =
            name == "current"
            ? Self.current
            : FilePath(number.map { "/proc/\($0)/ns/net" } ?? (name.contains("/") ? name : "/run/netns/" + name))
        let fd = path.withPlatformString { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard fd >= 0 else {
            throw KernelError(
                "no network namespace '\(name)' (\(path))", errno: Errno(rawValue: errno), remedy: remedy)
        }
        defer { close(fd) }
        var status = stat()
        guard nt_is_network_namespace(fd) != 0, fstat(fd, &status) == 0 else {
            throw KernelError("\(path) is not a network namespace", remedy: remedy)
        }
        inode = UInt32(truncatingIfNeeded: status.st_ino)
    }

    private static let current: FilePath = "/proc/self/ns/net"
}
