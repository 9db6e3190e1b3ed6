public import HostInspection
public import Netlink
import Protocols
public import NetfilterRules

/// A network namespace of this machine.
public final class MachineNamespace: NamespaceView {
    private let handle: NamespaceHandle
    private let rules: RulesetArchive?

    /// - Parameters:
    ///   - inode: inode number of the namespace, as in events.
    ///   - rules: earlier listings of the rules.
    public init(inode: UInt32, rules: RulesetArchive? = nil) throws(InspectionFailure) {
        self.rules = rules
        handle = try Self.asking { () throws(InspectionError) in try NamespaceHandle(inode: UInt64(inode)) }
    }

    private init(_ handle: consuming NamespaceHandle, _ rules: RulesetArchive?) {
        self.handle = handle
        self.rules = rules
    }

    private static func asking<Answer: ~Copyable>(
        _ question: () throws(InspectionError) -> Answer
    ) throws(InspectionFailure) -> Answer {
        do throws(InspectionError) { return try question() } catch { throw InspectionFailure("\(error)") }
    }

    /// The package that contains a command, by its name in Debian and most other distributions.
    private static func package(of command: String) -> String {
        switch command {
        case "tc": "iproute2"
        case "cat": "coreutils"
        case "nft": "nftables"
        case _ where command.hasPrefix("iptables") || command.hasPrefix("ip6tables"): "iptables"
        default: command
        }
    }

    public func output(of command: [String]) throws(InspectionFailure) -> String {
        guard let name = command.first else { return "" }
        let command = HostCommand(name, Array(command.dropFirst()), package: Self.package(of: name))
        return try Self.asking { () throws(InspectionError) in try handle.run(command) }
    }

    public func answers<Question: NetlinkQuestion>(
        to question: Question
    ) throws(NetlinkError) -> [Question.Element] {
        try handle.answer(to: question)
    }

    public func socketProcesses() -> [UInt64: SocketProcess] { SocketProcesses.all() }

    public func routingNames() -> RoutingNames { RoutingNames.ofThisMachine() }

    public func namespace(numbered number: Int) -> (any NamespaceView)? {
        guard let other = try? handle.namespace(numbered: number) else { return nil }
        return MachineNamespace(other, rules)
    }

    public func sysctl(_ path: String) -> String? {
        if let own = try? handle.sysctl(path) { return own }
        return Self.ofMachine.contains(path) ? try? NamespaceHandle.ofThisThread().sysctl(path) : nil
    }

    /// Global settings and counters that only the initial namespace has (net/core/sysctl_net_core.c,
    /// net/ipv4/sysctl_net_ipv4.c, net/core/neighbour.c). nettrace usually runs in that namespace.
    private static let ofMachine: Set = [
        "net/core/netdev_max_backlog", "net/ipv4/tcp_mem", "net/ipv4/udp_mem", "net/ipv4/neigh/default/gc_thresh3",
        "net/ipv6/neigh/default/gc_thresh3", "stat/arp_cache", "stat/ndisc_cache",
    ]

    public func file(_ path: String) -> String? {
        let name = "/proc/thread-self/net/" + path
        if let own = try? handle.read(name) { return own }
        return Self.ofMachine.contains(path) ? try? NamespaceHandle.ofThisThread().read(name) : nil
    }

    public func controlGroupPrograms(egress: Bool) throws(InspectionFailure) -> [ControlGroupProgram] {
        try Self.asking { () throws(InspectionError) in try ControlGroups.programs(egress: egress) }
    }

    public func devicePrograms(ifindex: UInt32, egress: Bool) -> [DeviceProgram] {
        handle.devicePrograms(ifindex: ifindex, egress: egress)
    }

    public func name(ofProgram id: UInt32) -> String { DeviceProgram(id: id).name }

    public func securityPrograms(at hook: String) throws(InspectionFailure) -> [SecurityProgram] {
        try Self.asking { () throws(InspectionError) in try SecurityModules.programs(at: hook) }
    }

    public func securityModules() -> [String]? { SecurityModules.active() }

    public func controlGroup(ofProcess pid: UInt32) -> String? { ControlGroups.group(ofProcess: pid) }

    public func minimumTTL(ofDescriptor descriptor: Int32, process: UInt32, isIPv6: Bool) -> Int32? {
        MinimumTTL.of(descriptor: descriptor, process: process, isIPv6: isIPv6)
    }

    public func group(ofSocket inode: UInt64, process: UInt32) -> UInt32? {
        SocketGroup.of(socket: inode, process: process)
    }

    public func mayUse(module: String) -> Bool { KernelModules.mayBeLoaded(module) }

    public func rulesGeneration() -> UInt32? { handle.rulesGeneration() }

    public func earlierRules(before time: UInt64) -> RulesetListings? {
        rules?.listings(of: identity, before: time)
    }

    /// Without a cookie nothing proves later that the namespace is still the same.
    public func keep(_ rules: RulesetListings) {
        if identity.cookie != nil { self.rules?.keep(rules, of: identity) }
    }

    var identity: RulesetArchive.Identity {
        RulesetArchive.Identity(inode: UInt32(truncatingIfNeeded: handle.inode), cookie: handle.cookie())
    }

    public var now: UInt64 { Clock.now }

    public func filter(ofDescriptor descriptor: Int32, process: UInt32) -> SocketFilter? {
        SocketFilter(ofDescriptor: descriptor, process: process)
    }
}
