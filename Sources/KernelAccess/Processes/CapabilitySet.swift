import CSyscalls

/// The capabilities that nettrace uses: capabilities(7).
public struct CapabilitySet: OptionSet, Sendable, Equatable {
    /// Bits as in include/uapi/linux/capability.h.
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let dacOverride = CapabilitySet(rawValue: 1 << 1)
    public static let dacReadSearch = CapabilitySet(rawValue: 1 << 2)
    public static let netAdmin = CapabilitySet(rawValue: 1 << 12)
    public static let netRaw = CapabilitySet(rawValue: 1 << 13)
    public static let sysPtrace = CapabilitySet(rawValue: 1 << 19)
    public static let sysAdmin = CapabilitySet(rawValue: 1 << 21)
    public static let syslog = CapabilitySet(rawValue: 1 << 34)
    public static let perfmon = CapabilitySet(rawValue: 1 << 38)
    public static let bpf = CapabilitySet(rawValue: 1 << 39)

    /// Needed to load programs that read kernel memory, and to attach them.
    public static let tracing: CapabilitySet = [.bpf, .perfmon]
    /// Needed to see the addresses of functions in /proc/kallsyms.
    public static let symbols: CapabilitySet = .syslog
    /// Needed to see the sockets of other users' processes in /proc.
    public static let socketOwners: CapabilitySet = [.sysPtrace, .dacReadSearch]
    /// Needed to enter the network namespace of a lost packet, and to list its rules and routes.
    public static let culprits: CapabilitySet = [.sysAdmin, .sysPtrace, .netAdmin, .netRaw, .dacReadSearch]
    /// Needed by the tools that are started to list rules and routes.
    static let tools: CapabilitySet = [.netAdmin, .netRaw]

    private static let known: [(CapabilitySet, String)] = [
        (.bpf, "CAP_BPF"), (.perfmon, "CAP_PERFMON"), (.syslog, "CAP_SYSLOG"), (.sysPtrace, "CAP_SYS_PTRACE"),
        (.dacReadSearch, "CAP_DAC_READ_SEARCH"), (.dacOverride, "CAP_DAC_OVERRIDE"), (.sysAdmin, "CAP_SYS_ADMIN"),
        (.netAdmin, "CAP_NET_ADMIN"), (.netRaw, "CAP_NET_RAW"),
    ]

    /// Names of the known capabilities in the set, as capabilities(7) spells them.
    public var names: [String] { Self.known.filter { contains($0.0) }.map(\.1) }

    /// The effective capabilities of this process.
    public static func current() -> CapabilitySet {
        var effective: UInt64 = 0
        return nt_effective_capabilities(&effective) == 0 ? CapabilitySet(rawValue: effective) : []
    }

    /// The capabilities of this set that are not in `held`. CAP_SYS_ADMIN contained CAP_BPF and CAP_PERFMON before 5.8,
    /// and still grants both.
    public func missing(from held: CapabilitySet) -> CapabilitySet {
        let granted: CapabilitySet = held.contains(.sysAdmin) ? [.bpf, .perfmon, .syslog] : []
        return subtracting(held).subtracting(granted)
    }
}

extension Privileges {
    /// Gives up every capability except `wanted`, permanently, for the calling thread and all programs that it starts.
    /// Call it when everything is attached. CAP_BPF or CAP_SYS_ADMIN is kept in any case: the process needs it to read
    /// the counters of its own BPF maps.
    ///
    /// - Parameters:
    ///   - wanted: capabilities that the run still needs.
    ///   - tools: whether programs will be started that list rules and routes.
    /// - Returns: the capabilities that are left.
    public static func reduce(
        to wanted: CapabilitySet, forTools tools: Bool = false
    ) throws(KernelError) -> CapabilitySet {
        let held = CapabilitySet.current()
        // Kernels before 5.19 refuse bpf(2) to all others, even with open descriptors
        // (kernel.unprivileged_bpf_disabled).
        let kept = wanted.union(held.contains(.bpf) ? .bpf : .sysAdmin).intersection(held)
        let handedOn: CapabilitySet = tools ? kept.intersection(.tools) : []
        let error = nt_reduce_capabilities(kept.rawValue, handedOn.rawValue)
        guard error == 0 else { throw KernelError("cannot give up privileges", result: error) }
        return kept
    }

    /// Gives up all capabilities except `kept`, for work that needs none.
    public static func giveUp(except kept: CapabilitySet = []) throws(KernelError) {
        let error = nt_reduce_capabilities(kept.rawValue, 0)
        guard error == 0 else { throw KernelError("cannot give up privileges", result: error) }
    }
}
