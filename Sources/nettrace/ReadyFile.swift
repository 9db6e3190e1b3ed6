import Glibc
import SystemPackage

/// Tells scripts that events are being recorded, so that nobody has to sleep and hope.
enum ReadyFile {
    /// A file of an earlier run would tell too early.
    static func remove(_ path: String) throws {
        guard unlink(path) != 0, errno != ENOENT else { return }
        throw RunError("--ready-file '\(path)': cannot remove the old file: \(Errno(rawValue: errno))")
    }

    /// Owner-only, and never through a link that somebody else put there.
    static func create(_ path: String) throws {
        do {
            let file = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: .ownerReadWrite)
            try file.close()
        } catch {
            throw RunError("--ready-file '\(path)': cannot create it: \(error)")
        }
    }
}
