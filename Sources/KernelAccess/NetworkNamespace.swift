import CSyscalls
import Glibc
import SystemPackage

/// A network namespace, named in one of the ways people name them.
public struct NetworkNamespace: Sendable, Equatable {
    /// As in /proc/PID/ns/net and in events.
    public var inode: UInt32

    /// `current`, an inode number, the name of `ip netns`, or the path of a namespace file.
    public init(named name: String) throws(KernelError) {
        let remedy = "name one of 'ip netns list', a path such as /proc/PID/ns/net, an inode number, or 'current'"
        if let inode = UInt32(name), inode != 0 {
            self.inode = inode
            return
        }
        guard !name.isEmpty else { throw KernelError("no network namespace is named ''", remedy: remedy) }
        let path: FilePath =
            name == "current" ? Self.current : FilePath(name.contains("/") ? name : "/run/netns/" + name)
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
