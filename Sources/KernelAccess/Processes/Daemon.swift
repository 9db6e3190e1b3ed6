import CSyscalls
import Glibc
import SystemPackage

/// A process that goes on in the background, and the service manager that may have started it.
public enum Daemon {
    /// Severities of syslog(3).
    public enum Severity: Int32, Sendable {
        case error = 3
        case warning = 4
        case notice = 5
    }

    /// The parent that waits for the daemon's start.
    public struct Parent: ~Copyable {
        fileprivate let descriptor: Int32

        /// Ends the wait with code 0. From then on, the process has no terminal, and its working directory is the root.
        ///
        /// Throws if the parent was killed while it waited: no process waits for this daemon any longer.
        public consuming func release() throws(KernelError) {
            let error = nt_detached(descriptor)
            guard error == 0 else { throw KernelError("cannot go on in the background", result: error) }
        }
    }

    /// Goes on in a child without a terminal of its own; the parent waits, and ends with the child's exit code or after
    /// `release`. For processes with one thread.
    public static func detach() throws(KernelError) -> Parent {
        let descriptor = nt_detach()
        guard descriptor >= 0 else { throw KernelError("cannot go on in the background", result: descriptor) }
        return Parent(descriptor: descriptor)
    }

    /// Writes to the system's log.
    public static func log(_ text: String, _ severity: Severity, as program: String) {
        nt_log(program, severity.rawValue, text)
    }

    /// Sends a state (`READY=1`) to the service manager, if one waits for it (sd_notify(3), NOTIFY_SOCKET).
    public static func notify(_ state: String) {
        guard let socket = getenv("NOTIFY_SOCKET") else { return }
        _ = nt_notify(socket, state)
    }

    /// Becomes another user, with one group and without capabilities; cannot be undone.
    public static func become(user: UInt32, group: UInt32) throws(KernelError) {
        let error = nt_become_user(user, group)
        guard error == 0 else { throw KernelError("cannot become the user \(user)", result: error) }
    }
}
