internal import Glibc

/// The group that owns a socket's file, which netfilter rules call the socket's group.
public enum SocketGroup {
    /// - Parameter inode: as in /proc/PID/fd.
    /// - Returns: nil if the process has closed the socket, or has ended.
    public static func of(socket inode: UInt64, process: UInt32) -> UInt32? {
        let folder = "/proc/\(process)/fd"
        for name in entries(of: folder) {
            var status = stat()
            guard stat("\(folder)/\(name)", &status) == 0, status.st_ino == inode,
                status.st_mode & S_IFMT == S_IFSOCK
            else { continue }
            return status.st_gid
        }
        return nil
    }
}
