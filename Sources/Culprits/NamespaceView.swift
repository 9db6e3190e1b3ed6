public import HostInspection
public import NetfilterRules

/// What culprit finders may look at: one network namespace of this machine, and what is the machine's own, read-only.
public protocol NamespaceView {
    /// What a command prints when it is run there. No shell is involved.
    func output(of command: [String]) throws(InspectionFailure) -> String
    /// The text of a file below /proc/sys, as that namespace has it, without white space around it; nil: no such file.
    func sysctl(_ path: String) -> String?
    /// Another namespace, by the number that this one has for it (`link-netnsid` of ip-link(8)); nil: not to be found.
    func namespace(numbered number: Int) -> (any NamespaceView)?
    /// The text of a file below /proc/net, as that namespace has it; nil: no such file.
    func file(_ path: String) -> String?
    /// The BPF programs on all control groups that look at what their processes send, or at what they receive.
    func controlGroupPrograms(egress: Bool) throws(InspectionFailure) -> [ControlGroupProgram]
    /// The BPF programs that decide at a hook of the security modules, as include/linux/lsm_hook_defs.h spells it.
    func securityPrograms(at hook: String) throws(InspectionFailure) -> [SecurityProgram]
    /// Names of the security modules in force, "selinux" among them; nil: not known.
    func securityModules() -> [String]?
    /// The control group of a process, in the hierarchy of version 2; nil: not known, since it has ended.
    func controlGroup(ofProcess pid: UInt32) -> String?
    /// The least TTL or hop limit that the socket at a descriptor of a process takes; 0: any; nil: not known.
    func minimumTTL(ofDescriptor descriptor: Int32, process: UInt32, isIPv6: Bool) -> Int32?
    /// What filters the socket at a descriptor of a process; nil: not known.
    func filter(ofDescriptor descriptor: Int32, process: UInt32) -> SocketFilter?
    /// The group of a process's socket; nil: not known, since it was closed.
    func group(ofSocket inode: UInt64, process: UInt32) -> UInt32?
    /// False only if the kernel surely does not have the module: what uses it would load it.
    func mayUse(module: String) -> Bool
    /// How many transactions nf_tables has seen; nil: not known.
    func rulesGeneration() -> UInt32?
    /// The latest listing of the netfilter rules that was complete before a time; nil: there is none.
    func earlierRules(before time: UInt64) -> RulesetListings?
    /// Keeps a listing for later questions.
    func keep(_ rules: RulesetListings)
    /// CLOCK_MONOTONIC in nanoseconds, by which events are stamped.
    var now: UInt64 { get }
}

/// Why the machine could not be asked.
public struct InspectionFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
