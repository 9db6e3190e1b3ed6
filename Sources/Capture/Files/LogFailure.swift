public import SystemPackage

/// The reason that a file cannot take packets.
public enum LogFailure: Error, Equatable, Sendable {
    /// A file system of other machines, on which writing may hang.
    case networkFileSystem(path: String, type: String)
    case cannotOpen(path: String, Errno)
    /// The file exists and is not a capture, or not one that can be continued; it is untouched.
    case notContinuable(path: String, reason: String)
    /// The file exists and cannot be read as the capture that it seems to be; it is untouched.
    case unreadable(path: String, reason: String)
    /// Packets up to the last whole record are in the file.
    case cannotWrite(path: String, Errno)
    /// The user that the process becomes may not make the files that follow.
    case cannotRotate(path: String, user: UInt32)
    /// The folder was removed, so that no file can be made.
    case folderRemoved(path: String)
}

extension LogFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .networkFileSystem(let path, let type):
            "\(path) is on a \(type) file system, where writing can hang; choose a file on a local one"
        case .cannotOpen(let path, let errno):
            errno == .tooManySymbolicLinkLevels
                ? "cannot open \(path): it is a symbolic link, which is not followed; name the file itself"
                : "cannot open \(path): \(errno)"
        case .notContinuable(let path, let reason):
            "\(path) exists and \(reason); it was left as it is: choose another name, or remove it"
        case .unreadable(let path, let reason):
            "\(path) exists and cannot be read: \(reason); it was left as it is: choose another name, or remove it"
        case .cannotWrite(let path, let errno):
            "cannot write to \(path): \(errno); the packets before are in the file"
        case .cannotRotate(let path, let user):
            "the files that follow \(path) could not be made: its folder is not writable for the user \(user)"
        case .folderRemoved(let path): "the folder of \(path) was removed, so that no file can be made there"
        }
    }
}
