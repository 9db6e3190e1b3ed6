/// The reason that a question has no answer.
public enum NetlinkError: Error, Equatable, Sendable {
    /// The kernel refuses the question; `message` is its extended acknowledgement.
    case refused(errno: Int32, message: String?)
    /// A system call failed.
    case failed(call: String, errno: Int32)
    /// The answer does not have the kernel's format.
    case malformed
    /// The state changed during each of several attempts to list it (NLM_F_DUMP_INTR).
    case unsteady
}
