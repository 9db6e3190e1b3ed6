internal import Glibc

/// The process that has a socket open.
public struct SocketProcess: Sendable, Equatable {
    /// Name of the process (comm).
    public var name: String
    public var process: UInt32
    /// The socket's descriptor in that process.
    public var descriptor: Int32

    public init(name: String, process: UInt32, descriptor: Int32) {
        (self.name, self.process, self.descriptor) = (name, process, descriptor)
    }
}

/// The owners of all sockets, from /proc/PID/fd of all visible processes.
public enum SocketProcesses {
    /// By inode. Of several processes, the one with the lowest number: it usually started the others.
    public static func all() -> [UInt64: SocketProcess] {
        var owners: [UInt64: SocketProcess] = [:]
        for process in entries(of: "/proc").compactMap({ UInt32($0) }).sorted() {
            var name: String?
            for descriptor in entries(of: "/proc/\(process)/fd").compactMap({ Int32($0) }).sorted() {
                guard let inode = socket("/proc/\(process)/fd/\(descriptor)"), owners[inode] == nil else { continue }
                let known = name ?? text("/proc/\(process)/comm").map { String($0.prefix { $0 != "\n" }) } ?? "?"
                name = known
                owners[inode] = SocketProcess(name: known, process: process, descriptor: descriptor)
            }
        }
        return owners
    }

    /// The inode in a link such as `socket:[4711]`; nil for other files.
    private static func socket(_ path: String) -> UInt64? {
        var target = [UInt8](repeating: 0, count: 64)
        let prefix = "socket:["
        let count = readlink(path, &target, target.count)
        guard count > prefix.utf8.count, target.starts(with: prefix.utf8) else { return nil }
        return UInt64(String(decoding: target[prefix.utf8.count..<(count - 1)], as: UTF8.self))
    }
}
