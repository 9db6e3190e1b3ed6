public import SystemPackage

/// Files that give names to addresses and numbers, and settings of users; at most 4 MiB of each are read.
public enum NameFiles {
    private static let limit = 4 << 20

    /// nil if the file cannot be read, like the others.
    public static var hosts: String? { text("/etc/hosts", limit: limit) }
    public static var services: String? { text("/etc/services", limit: limit) }
    public static var ethers: String? { text("/etc/ethers", limit: limit) }
    public static var rpc: String? { text("/etc/rpc", limit: limit) }

    /// The text of a user's file.
    public static func contents(of path: FilePath) throws(Errno) -> String {
        try HostInspection.contents(ofFile: path.string, limit: limit)
    }
}
