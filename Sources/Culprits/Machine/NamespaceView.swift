public import HostInspection
public import Netlink
import Protocols
public import NetfilterRules

/// The read-only view of culprit finders: one network namespace of this machine, and global state of the machine.
public protocol NamespaceView {
    /// Output of a command that is run in the namespace, without a shell.
    func output(of command: [String]) throws(InspectionFailure) -> String
    /// The kernel's answers about routes, devices, sockets and so on.
    func answers<Question: NetlinkQuestion>(to question: Question) throws(NetlinkError) -> [Question.Element]
    /// The processes that have sockets open, by the sockets' inodes.
    func socketProcesses() -> [UInt64: SocketProcess]
    /// Names of routing tables and of the origins of routes.
    func routingNames() -> RoutingNames
    /// Text of a file below /proc/sys as the namespace has it, without surrounding white space; nil if there is no such
    /// file.
    func sysctl(_ path: String) -> String?
    /// The namespace that this one knows by a number (`link-netnsid` of ip-link(8)); nil if it cannot be found.
    func namespace(numbered number: Int) -> (any NamespaceView)?
    /// Text of a file below /proc/net as the namespace has it; nil if there is no such file.
    func file(_ path: String) -> String?
    /// BPF programs on all control groups that filter the sent (egress) or the received packets of their processes.
    func controlGroupPrograms(egress: Bool) throws(InspectionFailure) -> [ControlGroupProgram]
    /// BPF programs that tcx runs on a device for sent (egress) or received packets, in their order.
    func devicePrograms(ifindex: UInt32, egress: Bool) -> [DeviceProgram]
    /// Name of a BPF program; empty if it has none, or no longer exists.
    func name(ofProgram id: UInt32) -> String
    /// BPF programs attached to a hook of the security modules, by its name in include/linux/lsm_hook_defs.h.
    func securityPrograms(at hook: String) throws(InspectionFailure) -> [SecurityProgram]
    /// Names of the active security modules, such as "selinux"; nil if not known.
    func securityModules() -> [String]?
    /// The control group of a process in the hierarchy of version 2; nil if not known, since the process has ended.
    func controlGroup(ofProcess pid: UInt32) -> String?
    /// The minimum TTL or hop limit that the socket at a descriptor of a process accepts; 0 if any; nil if not known.
    func minimumTTL(ofDescriptor descriptor: Int32, process: UInt32, isIPv6: Bool) -> Int32?
    /// The filter of the socket at a descriptor of a process; nil if not known.
    func filter(ofDescriptor descriptor: Int32, process: UInt32) -> SocketFilter?
    /// The group that owns a process's socket; nil if not known, since the socket is closed.
    func group(ofSocket inode: UInt64, process: UInt32) -> UInt32?
    /// False only if the kernel certainly does not have the module: a command that uses it would load it.
    func mayUse(module: String) -> Bool
    /// Generation of the nf_tables rules, which each transaction increments; nil if not known.
    func rulesGeneration() -> UInt32?
    /// The latest listing of the netfilter rules that was complete before a time; nil if there is none.
    func earlierRules(before time: UInt64) -> RulesetListings?
    /// Keeps a listing for later questions.
    func keep(_ rules: RulesetListings)
    /// CLOCK_MONOTONIC in nanoseconds, the clock of events.
    var now: UInt64 { get }
}

/// The reason that the machine could not be inspected.
public struct InspectionFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
