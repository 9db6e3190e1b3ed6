import Glibc

/// The PID namespace in which the user, and this process, see process ids.
enum ProcessNamespace {
    /// Its inode number; nil for the machine's initial namespace, whose ids the kernel uses itself.
    static var ofUser: UInt32? {
        var status = stat()
        guard stat("/proc/thread-self/ns/pid", &status) == 0 else { return nil }
        let inode = UInt32(truncatingIfNeeded: status.st_ino)
        return inode == first ? nil : inode
    }

    /// PROC_PID_INIT_INO, include/linux/proc_ns.h.
    private static let first: UInt32 = 0xefff_fffc
}
