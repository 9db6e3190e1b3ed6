import Glibc
public import SystemPackage

/// Opens recordings by name; "-" is standard output or input. The caller closes what is opened.
public enum RecordingFile {
    /// A file for writing: a new one that only its owner may read (packets hold secrets), or an existing regular one,
    /// which is emptied and keeps its mode. Symbolic links are not followed: as root, that would overwrite what
    /// another user points at.
    public static func create(_ path: FilePath) throws(RecordingError) -> FileDescriptor {
        if path == "-" { return .standardOutput }
        let descriptor = try open(
            path, .writeOnly, options: [.create, .noFollow, .closeOnExec, .nonBlocking], permissions: .ownerReadWrite)
        do throws(RecordingError) {
            try requireRegularFile(descriptor)
            guard ftruncate(descriptor.rawValue, 0) == 0 else { throw .cannotOpen(Errno(rawValue: errno)) }
        } catch {
            try? descriptor.close()
            throw error
        }
        return descriptor
    }

    /// A file for reading: a recording, or a pipe that brings one.
    public static func open(_ path: FilePath) throws(RecordingError) -> FileDescriptor {
        if path == "-" { return .standardInput }
        return try open(path, .readOnly, options: .closeOnExec, permissions: nil)
    }

    private static func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions,
        permissions: FilePermissions?
    ) throws(RecordingError) -> FileDescriptor {
        do {
            return try FileDescriptor.open(path, mode, options: options, permissions: permissions)
        } catch {
            // ELOOP: a symbolic link that is not followed. ENXIO: a pipe that nobody reads.
            let errno = error as? Errno ?? .ioError
            let isRefusal =
                mode == .writeOnly && (errno == .tooManySymbolicLinkLevels || errno == .noSuchAddressOrDevice)
            throw isRefusal ? .notARegularFile : .cannotOpen(errno)
        }
    }

    private static func requireRegularFile(_ descriptor: FileDescriptor) throws(RecordingError) {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw .cannotOpen(Errno(rawValue: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile }
    }
}
