public import BPFCode
public import SystemPackage

/// A program that was generated at run time, and the place in the kernel that it belongs to.
public struct GeneratedProgram: Sendable {
    public enum Site: Hashable, Sendable {
        /// Runs when user space asks for it (BPF_PROG_TEST_RUN of raw tracepoints, Linux 5.10).
        case onDemand
        /// A raw tracepoint: the context is an array of its arguments, 64 bits each.
        case tracepoint(String)
        /// The entry of a function, or its return: the context is `struct pt_regs`.
        case function(String, atReturn: Bool)
        /// Many functions with one program, to which bpf_get_attach_cookie() gives the index of the one it runs at.
        case functions([String], atReturn: Bool)
        /// A clock of the CPUs: the context is `struct bpf_perf_event_data`.
        case clock(Clock)
    }

    public struct Clock: Hashable, Sendable {
        public enum Pace: Hashable, Sendable {
            case nanoseconds(UInt64)
            /// Times a second.
            case frequency(UInt64)
        }

        public var pace: Pace
        /// On each CPU, or on one.
        public var onAllCPUs: Bool

        public init(_ pace: Pace, onAllCPUs: Bool) {
            self.pace = pace
            self.onAllCPUs = onAllCPUs
        }
    }

    /// The kernel keeps the first 15 bytes.
    public var name: String
    public var code: Code
    public var site: Site

    public init(_ name: String, _ code: Code, at site: Site) {
        self.name = name
        self.code = code
        self.site = site
    }
}

/// The kernel did not accept a generated program.
public struct ProgramRefusal: Error, Sendable {
    public var errno: Errno
    /// The verifier's reasons, the last lines of its log.
    public var log: String
    /// The last note of the code before the instruction that the verifier refused.
    public var note: String?
}
