import Glibc
public import SystemPackage

/// Opens recordings by name; "-" is standard output or input. The caller closes the descriptor.
public enum RecordingFile {
    /// Opens a file for writing: a new one that only its owner may read (packets contain secrets), or an existing regular file,
    /// which is emptied and keeps its mode. Refuses symbolic links and files with several hard links, through which root would
    /// overwrite files of another user's choice. Also refuses files that another user may have created in a shared folder in
    /// order to read the recording.
    public static func create(_ path: FilePath) throws(RecordingError) -> FileDescriptor {
        if path == "-" { return .standardOutput }
        let descriptor = try open(
            path, .writeOnly, options: [.create, .noFollow, .closeOnExec, .nonBlocking], permissions: .ownerReadWrite)
        do throws(RecordingError) {
            try requireRegularFile(descriptor)
            try requireOwnFile(descriptor, in: path)
            guard ftruncate(descriptor.rawValue, 0) == 0 else { throw .cannotOpen(Errno(rawValue: errno)) }
        } catch {
            try? descriptor.close()
            throw error
        }
        return descriptor
    }

    /// Opens a file for reading: a recording, or a pipe that contains one.
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
            // ELOOP: a symbolic link, which is not followed. ENXIO: a pipe without a reader.
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

    private static func requireOwnFile(_ descriptor: FileDescriptor, in path: FilePath) throws(RecordingError) {
        var file = stat()
        var folder = stat()
        let parent = path.removingLastComponent()
        guard fstat(descriptor.rawValue, &file) == 0,
            (parent.isEmpty ? "." : parent).withPlatformString({ stat($0, &folder) }) == 0
        else { throw .cannotOpen(Errno(rawValue: errno)) }
        guard isOurs(file, in: folder, user: geteuid()) else { throw .notOurs }
    }

    /// Whether the file may be emptied and written: no other user can have created it.
    static func isOurs(_ file: stat, in folder: stat, user: uid_t) -> Bool {
        let isShared = folder.st_mode & (S_IWGRP | S_IWOTH) != 0
        return file.st_nlink == 1 && (file.st_uid == user || !isShared)
    }
}
