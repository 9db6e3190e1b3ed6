internal import CSyscalls
internal import Glibc
internal import SystemPackage

/// A network namespace that is held open, so that it exists during the inspection.
public struct NamespaceHandle: ~Copyable, Sendable {
    /// Inode number as in /proc/PID/ns/net and in events.
    public let inode: UInt64
    private let fd: Int32
    /// Descriptor for entering the namespace; -1 if it is the thread's own, so that no privileges are needed.
    let entrance: Int32

    private static let own = "/proc/thread-self/ns/net"

    /// Searches the namespaces of this thread, /run/netns and all visible processes.
    public init(inode: UInt64) throws(InspectionError) {
        for path in Self.places {
            var status = stat()
            guard stat(path, &status) == 0, UInt64(status.st_ino) == inode else { continue }
            let fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            // The process may have ended, or changed its namespace, in the meantime.
            if fd >= 0, nt_is_network_namespace(fd) != 0, fstat(fd, &status) == 0, UInt64(status.st_ino) == inode {
                self.inode = inode
                self.fd = fd
                entrance = path == Self.own ? -1 : fd
                return
            }
            if fd >= 0 { close(fd) }
        }
        // Links of ending processes are forbidden to everyone, so that an error does not prove missing permissions.
        let mayTraceAll = 19  // CAP_SYS_PTRACE, include/uapi/linux/capability.h
        var capabilities: UInt64 = 0
        let maySeeAll = nt_effective_capabilities(&capabilities) == 0 && capabilities >> UInt64(mayTraceAll) & 1 == 1
        throw maySeeAll
            ? .namespaceGone(inode: inode) : .noPermission(to: "look into all processes for the network namespace")
    }

    /// The namespace of this thread.
    public static func ofThisThread() throws(InspectionError) -> NamespaceHandle {
        var status = stat()
        guard stat(own, &status) == 0 else { throw .cannotRead(path: own, Errno(rawValue: errno)) }
        return try NamespaceHandle(inode: UInt64(status.st_ino))
    }

    deinit {
        close(fd)
    }

    /// The namespace that this one knows by a number (`link-netnsid` of ip-link(8)).
    public func namespace(numbered number: Int) throws(InspectionError) -> NamespaceHandle {
        let socket = nt_route_socket_in_namespace(entrance)
        guard socket >= 0 else { throw .noPermission(to: "enter the network namespace \(inode)") }
        defer { close(socket) }
        var asked: Set<UInt64> = []
        for path in Self.places {
            let fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard fd >= 0 else { continue }
            defer { close(fd) }
            var status = stat()
            guard fstat(fd, &status) == 0, nt_is_network_namespace(fd) != 0,
                asked.insert(UInt64(status.st_ino)).inserted,
                nt_number_of_namespace(socket, fd) == Int32(number)
            else { continue }
            return try NamespaceHandle(inode: UInt64(status.st_ino))
        }
        throw .cannotRead(path: "the namespace with the number \(number)", .noSuchFileOrDirectory)
    }

    /// The namespaces of this thread, of /run/netns, and of all visible processes, in this order.
    public static func knownInodes() -> [UInt32] {
        var seen: Set<ino_t> = []
        return places.compactMap { path in
            var status = stat()
            guard stat(path, &status) == 0, seen.insert(status.st_ino).inserted else { return nil }
            return UInt32(truncatingIfNeeded: status.st_ino)
        }
    }

    /// Paths of namespaces: this thread, /run/netns and all visible processes.
    private static var places: [String] {
        let named = entries(of: "/run/netns").map { "/run/netns/" + $0 }
        let processes = entries(of: "/proc").lazy.filter { $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
            .map { "/proc/\($0)/ns/net" }
        return [own] + named + Array(processes)
    }

    /// Reads a file whose contents depend on the reader's network namespace: below /proc/thread-self/net (not /proc/net, which
    /// belongs to the process) or /proc/sys/net.
    ///
    /// - Parameter limit: in bytes; the rest is left out.
    public func read(_ path: String, limit: Int = 1 << 20) throws(InspectionError) -> String {
        var entered: Int32 = 0
        let fd = nt_open_in_namespace(entrance, path, &entered)
        guard fd >= 0 else {
            if entered == 0 { throw .noPermission(to: "enter the network namespace \(inode)") }
            throw .cannotRead(path: path, Errno(rawValue: -fd))
        }
        defer { close(fd) }
        do throws(Errno) { return try contents(of: fd, limit: limit) } catch { throw .cannotRead(path: path, error) }
    }

    /// Value of a sysctl in the namespace, without its newline: `net.ipv4.ip_forward` or `net/ipv4/conf/eth0.5/rp_filter`.
    public func sysctl(_ name: String) throws(InspectionError) -> String {
        // Device names may contain dots, so that dots in names with slashes are kept.
        let path = name.contains("/") ? name : String(name.map { $0 == "." ? "/" : $0 })
        guard path.hasPrefix("net/"), !path.split(separator: "/").contains("..") else {
            throw .cannotRead(path: "/proc/sys/" + path, .noSuchFileOrDirectory)
        }
        let text = try read("/proc/sys/" + path, limit: 4096)
        return String(text.prefix { !$0.isNewline })
    }
}
