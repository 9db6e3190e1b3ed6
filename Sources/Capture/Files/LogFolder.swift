import Glibc
import SystemPackage

/// The folder of a capture's files, kept open: files are made and renamed in it also when its path can no longer be
/// walked.
final class LogFolder {
    private let fd: Int32
    /// For messages.
    let path: String
    let type: FileSystemType

    /// - Parameter file: the path of a file, which need not exist.
    init(of file: FilePath) throws(LogFailure) {
        let parent = file.removingLastComponent()
        let folder = parent.isEmpty ? "." : parent
        path = folder.string
        fd = folder.withPlatformString { Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard fd >= 0 else { throw .cannotOpen(path: file.string, Errno(rawValue: errno)) }
        type = FileSystemType(of: fd)
    }

    deinit {
        if fd >= 0 { close(fd) }
    }

    /// Opens an existing file, or makes one that only its owner may read.
    func open(_ name: String, isNew: Bool) throws(Errno) -> FileDescriptor {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (isNew ? O_EXCL : 0)
        let file = openat(fd, name, flags, 0o600)
        guard file >= 0 else { throw Errno(rawValue: errno) }
        return FileDescriptor(rawValue: file)
    }

    /// Opens an existing file, whose file system is then examined. Returns nil if it cannot be opened.
    func existing(_ name: String) -> FileDescriptor? {
        let file = openat(fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        return file >= 0 ? FileDescriptor(rawValue: file) : nil
    }

    func rename(_ name: String, to other: String) throws(Errno) {
        guard renameat(fd, name, fd, other) == 0 else { throw Errno(rawValue: errno) }
    }

    func remove(_ name: String) { _ = unlinkat(fd, name, 0) }

    /// Whether the folder itself still exists.
    var exists: Bool {
        var status = stat()
        return fstat(fd, &status) == 0 && status.st_nlink > 0
    }

    /// Whether a user without privileges may make files.
    func isWritable(by user: LogOwner) -> Bool {
        var status = stat()
        guard fstat(fd, &status) == 0 else { return false }
        let shift: mode_t = status.st_uid == user.user ? 6 : status.st_gid == user.group ? 3 : 0
        return status.st_mode >> shift & 0o3 == 0o3
    }

    /// Whether only a privilege lets root make files in it.
    var isForeign: Bool {
        var status = stat()
        return fstat(fd, &status) == 0 && status.st_uid != geteuid()
    }

    /// Whether everyone may make files in it, as in /tmp.
    var isShared: Bool {
        var status = stat()
        return fstat(fd, &status) == 0 && status.st_mode & S_IWOTH != 0
    }
}
