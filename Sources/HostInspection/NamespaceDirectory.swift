internal import Glibc

/// The names by which a network namespace can be entered.
public struct NamespaceDirectory: Sendable {
    /// It is the one that this program runs in.
    public var isOwn: Bool
    /// Below /run/netns, as ip-netns(8) takes it.
    public var name: String?
    /// The process of the lowest number that is in it.
    public var process: UInt32?

    /// - Parameter inode: of the namespace.
    public init(inode: UInt32) {
        let isIt = { (path: String) -> Bool in
            var status = stat()
            return stat(path, &status) == 0 && status.st_ino == ino_t(inode)
        }
        isOwn = isIt("/proc/thread-self/ns/net")
        name = entries(of: "/run/netns").sorted().first { isIt("/run/netns/" + $0) }
        process =
            isOwn || name != nil
            ? nil
            : entries(of: "/proc").compactMap { UInt32($0) }.sorted()
                .first { isIt("/proc/\($0)/ns/net") }
    }
}
