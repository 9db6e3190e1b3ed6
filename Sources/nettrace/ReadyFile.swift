import ArgumentParser
import Glibc
import SystemPackage

/// Tells scripts that events are being recorded, so that nobody has to sleep and hope. Exists only while that is so.
struct ReadyFile {
    private let path: String

    /// Checks that the file can be made, and removes that of an earlier run, which would tell too early: an empty
    /// regular file. Anything else of that name is somebody's.
    init(_ path: String) throws {
        self.path = path
        var status = stat()
        if lstat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG, status.st_size == 0, unlink(path) == 0 else {
                throw ValidationError("--ready-file '\(path)': something else has this name; choose a new one")
            }
        }
        // A wrong folder is told now rather than after seconds of attaching. Under another name: scripts wait for this one.
        let trial = "\(path).\(getpid())"
        try Self.create(trial, for: path)
        unlink(trial)
    }

    func create() throws { try Self.create(path, for: path) }

    /// Owner-only, and never through a link that somebody else put there.
    private static func create(_ name: String, for path: String) throws {
        do {
            let file = try FileDescriptor.open(
                name, .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: .ownerReadWrite)
            try file.close()
        } catch {
            throw ValidationError("--ready-file '\(path)': cannot create it: \(error)")
        }
    }

    func remove() {
        unlink(path)
    }
}
