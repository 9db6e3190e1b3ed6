public import SystemPackage

/// The reason that the host could not be inspected.
public enum InspectionError: Error, Equatable, Sendable {
    /// `package`: name of the package with the command in Debian and most other distributions.
    case notInstalled(command: String, package: String)
    /// `status`: exit status, or the negative number of the signal that killed it. `message`: the first line of its standard
    /// error.
    case failed(command: String, status: Int32, message: String)
    case timedOut(command: String, seconds: Int)
    /// `limit`: in bytes.
    case tooMuchOutput(command: String, limit: Int)
    /// No visible process, mount or descriptor holds the network namespace.
    case namespaceGone(inode: UInt64)
    case noPermission(to: String)
    case cannotRead(path: String, Errno)
    /// A pipe, thread or process could not be created.
    case noResources(command: String, Errno)
    /// The output does not have the tool's format; `reason` describes the difference.
    case notUnderstood(reason: String)
}

extension InspectionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notInstalled(let command, let package):
            "the command '\(command)' is not installed here: install the package '\(package)'"
        case .failed(let command, let status, let message):
            (status < 0 ? "'\(command)' was killed by signal \(-status)" : "'\(command)' failed with status \(status)")
                + (message.isEmpty ? "" : ": \(message)") + "; run it by hand to see more"
        case .timedOut(let command, let seconds):
            "'\(command)' took more than \(seconds) s and was stopped; run it by hand"
        case .tooMuchOutput(let command, let limit):
            "'\(command)' printed more than \(limit >> 20) MiB; look at its output by hand"
        case .namespaceGone(let inode):
            """
            the network namespace \(inode) is gone, or no process that can be seen is in it: run nettrace in the host's \
            PID namespace while the container lives
            """
        case .noPermission(let what):
            "no permission to \(what): run nettrace as root of the host (CAP_SYS_ADMIN, CAP_NET_ADMIN)"
        case .cannotRead(let path, let errno): "\(path) cannot be read: \(errno)"
        case .noResources(let command, let errno): "'\(command)' could not be started: \(errno)"
        case .notUnderstood(let reason): reason
        }
    }
}
