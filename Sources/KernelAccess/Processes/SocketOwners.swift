import Glibc
import SystemPackage

/// A process that holds a socket.
public struct SocketOwner: Sendable, Equatable {
    /// As seen from the PID namespace that /proc belongs to. The lowest if several processes hold the socket, which is
    /// usually the parent.
    public var pid: UInt32
    /// The name of the process (/proc/PID/comm).
    public var command: String
    /// Number of further processes that hold the socket.
    public var others: UInt32

    public init(pid: UInt32, command: String, others: UInt32 = 0) {
        self.pid = pid
        self.command = command
        self.others = others
    }
}

/// Inode of a socket → its owner. The kernel stores no process with a socket; the descriptors in /proc lead to it.
///
/// Other users' processes are only visible with CAP_SYS_PTRACE. A socket without a descriptor (in flight between
/// processes, registered with io_uring) has no owner here.
public final class SocketOwners {
    private var names: ScannedNames<SocketOwner>

    /// More sockets than the busiest machines have; some megabytes.
    private static let limit = 1 << 17

    public convenience init() { self.init(proc: "/proc") }

    /// - Parameter proc: the mount point of procfs.
    init(proc: FilePath) {
        names = ScannedNames(limit: Self.limit, isProvisional: { $0.others > 0 }) {
            Self.scan(proc, limit: Self.limit)
        }
    }

    /// The owner as far as it is known now. May scan all processes if the socket is new.
    public func owner(of inode: UInt64) -> SocketOwner? { names.name(of: inode) }

    /// Scans the descriptors of every process. Leaves out sockets beyond `limit`.
    static func scan(_ proc: FilePath, limit: Int) -> [UInt64: SocketOwner] {
        var owners: [UInt64: SocketOwner] = [:]
        for pid in directoryEntries(proc).compactMap({ UInt32($0) }).sorted() {
            let process = proc.appending(String(pid))
            let sockets = sockets(in: process.appending("fd"))
            guard !sockets.isEmpty else { continue }
            let command = command(of: process)
            for inode in sockets {
                if owners[inode] != nil {
                    owners[inode]?.others += 1
                } else if owners.count < limit {
                    owners[inode] = SocketOwner(pid: pid, command: command)
                }
            }
        }
        return owners
    }

    /// Inodes of the sockets that a process holds; a set, since it may hold a socket under several descriptors.
    private static func sockets(in folder: FilePath) -> Set<UInt64> {
        guard let directory = folder.withPlatformString({ opendir($0) }) else { return [] }
        defer { closedir(directory) }
        var inodes: Set<UInt64> = []
        for name in directoryEntries(of: directory) {
            let inode = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { target -> UInt64? in
                guard let start = target.baseAddress else { return nil }
                let count = readlinkat(dirfd(directory), name, start, target.count)
                return socketInode(target.prefix(max(count, 0)).map { UInt8(bitPattern: $0) })
            }
            if let inode { inodes.insert(inode) }
        }
        return inodes
    }

    /// The number in `socket:[31337]` (net/socket.c, sockfs_dname); nil for links to anything else.
    static func socketInode(_ target: [UInt8]) -> UInt64? {
        let prefix = "socket:[".utf8
        guard target.starts(with: prefix), target.last == UInt8(ascii: "]") else { return nil }
        return UInt64(String(decoding: target.dropFirst(prefix.count).dropLast(), as: UTF8.self))
    }

    /// The name without the final newline; newlines before it belong to the name.
    private static func command(of process: FilePath) -> String {
        guard let text = try? readFile(process.appending("comm")) else { return "" }
        return String(decoding: text.last == UInt8(ascii: "\n") ? text.dropLast() : text[...], as: UTF8.self)
    }
}
