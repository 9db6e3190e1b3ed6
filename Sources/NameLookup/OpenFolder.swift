import Glibc

/// A folder of the user that stays open: its files can be written after privileges were given up and the path cannot be
/// exchanged meanwhile. Links are not followed.
final class OpenFolder {
    private let descriptor: Int32

    /// Opens a folder, or creates it for the user alone. Returns nil if it is another user's, or others can write to it.
    init?(_ path: String) {
        mkdir(path, 0o700)
        let opened = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard opened >= 0 else { return nil }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            close(opened)
            return nil
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// The text of a file and when it was written, in seconds since 1970; nil if it is not the user's own plain file.
    func contents(of name: String, limit: Int) -> (text: String, written: Int64)? {
        let file = openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            status.st_size <= limit
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        return (String(decoding: bytes.prefix(count), as: UTF8.self), Int64(status.st_mtim.tv_sec))
    }

    func remove(_ name: String) { unlinkat(descriptor, name, 0) }

    /// Writes a new file in the place of the old one, or nothing if the disk is full.
    func replace(_ name: String, with text: String) {
        let new = "\(name).\(getpid())"
        let file = openat(descriptor, new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return }
        let bytes = Array(text.utf8)
        let count = write(file, bytes, bytes.count)
        close(file)
        if count == bytes.count, renameat(descriptor, new, descriptor, name) == 0 { return }
        unlinkat(descriptor, new, 0)
    }
}
