import Glibc
import SystemPackage

/// A network namespace, named in one of the ways people name them.
public struct NetworkNamespace: Sendable, Equatable {
    /// As in /proc/PID/ns/net and in events.
    public var inode: UInt32

    /// `current`, an inode number, the name of `ip netns`, or the path of a namespace file.
    public init(named name: String) throws(KernelError) {
        if let inode = UInt32(name) {
            self.inode = inode
            return
        }
        let path: FilePath =
            name == "current" ? Self.current : FilePath(name.contains("/") ? name : "/run/netns/" + name)
        var status = stat()
        guard path.withPlatformString({ stat($0, &status) }) == 0 else {
            throw KernelError(
                "no network namespace '\(name)' (\(path))", errno: Errno(rawValue: Glibc.errno),
                remedy: "name one of 'ip netns list', a path such as /proc/PID/ns/net, an inode number, or 'current'")
        }
        // All namespace files live in one kernel-internal filesystem.
        var own = stat()
        guard Self.current.withPlatformString({ stat($0, &own) }) == 0, own.st_dev == status.st_dev else {
            throw KernelError(
                "\(path) is not a network namespace",
                remedy: "name one of 'ip netns list', a path such as /proc/PID/ns/net, an inode number, or 'current'")
        }
        inode = UInt32(truncatingIfNeeded: status.st_ino)
    }

    private static let current: FilePath = "/proc/self/ns/net"
}

/// The index of an interface of this process's namespace; 0 where it has none of that name.
public func interfaceIndex(named name: String) -> UInt32 {
    if_nametoindex(name)
}
