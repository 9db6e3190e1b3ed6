internal import Glibc

/// The names by which a network namespace can be entered.
public struct NamespaceDirectory: Sendable {
    /// Whether this program runs in it.
    public var isOwn: Bool
    /// Name below /run/netns, for ip-netns(8).
    public var name: String?
    /// The process with the lowest number in the namespace. Not looked up if the namespace is its own or has a name.
    public var process: UInt32?

    /// - Parameter inode: inode number of the namespace.
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
