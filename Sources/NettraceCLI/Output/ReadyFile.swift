import ArgumentParser
import Glibc
import SystemPackage

/// A file that exists while events are being recorded, so that scripts can wait for the start.
struct ReadyFile {
    private let path: String

    /// Checks that the file can be created, and removes that of an earlier run, an empty regular file, which scripts
    /// would take for a sign of this run. Refuses any other existing file.
    init(_ path: String) throws {
        self.path = path
        var status = stat()
        if lstat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG, status.st_size == 0, unlink(path) == 0 else {
                throw ValidationError("--ready-file '\(path)': something else has this name; choose a new one")
            }
        }
        // An unusable directory is reported now rather than after seconds of attaching. Uses another name, since
        // scripts wait for this one.
        let trial = "\(path).\(getpid())"
        try Self.create(trial, for: path)
        unlink(trial)
    }

    func create() throws { try Self.create(path, for: path) }

    /// Creates an empty file, readable by its owner only. Never follows a link.
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
