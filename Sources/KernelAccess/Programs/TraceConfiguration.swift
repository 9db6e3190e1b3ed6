import AttachPlanning
import CNettraceBPF

/// Settings of the programs, fixed before the load: filters on metadata, and the sections of a record.
public struct TraceConfiguration: Sendable {
    /// Optional parts of a record; the programs spend no time on unselected ones. BPF/include/nettrace_abi.h,
    /// NT_SECTION_.
    public struct Sections: OptionSet, Sendable {
        public let rawValue: UInt16
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        public static let packet = Sections(rawValue: UInt16(NT_SECTION_PACKET))
        public static let device = Sections(rawValue: UInt16(NT_SECTION_DEVICE))
        public static let task = Sections(rawValue: UInt16(NT_SECTION_TASK))
        public static let meta = Sections(rawValue: UInt16(NT_SECTION_META))
        public static let caller = Sections(rawValue: UInt16(NT_SECTION_CALLER))
        public static let socket = Sections(rawValue: UInt16(NT_SECTION_SOCK))
        public static let conntrack = Sections(rawValue: UInt16(NT_SECTION_CT))

        var size: Int {
            (contains(.packet) ? MemoryLayout<nt_packet>.size : 0)
                + (contains(.device) ? MemoryLayout<nt_device>.size : 0)
                + (contains(.task) ? MemoryLayout<nt_task>.size : 0)
                + (contains(.meta) ? MemoryLayout<nt_meta>.size : 0)
                + (contains(.caller) ? MemoryLayout<nt_caller>.size : 0)
                + (contains(.socket) ? MemoryLayout<nt_sock>.size : 0)
                + (contains(.conntrack) ? MemoryLayout<nt_ct>.size : 0)
        }
    }

    public var sections: Sections = .packet
    /// The bytes of packets; nil: records hold no more than headers.
    public var payload: PayloadConfiguration?
    public var filters = MetadataFilters()
    /// Number the packets, so that their events can be grouped.
    public var tracksPackets = false
    /// Once matched, a packet stays matched whatever happens to its headers (`--skb-mode`).
    public var followsPackets = false
    /// nil: every packet matches.
    public var packetFilter: KernelFilter?
    /// Only with `--drop`.
    public var drops = DropConfiguration()
    public var limits = EventLimits()
    /// Set by ConnectionWatch: the programs only follow TCP connections.
    var tcp: TCPConfiguration?
    /// Reduced types with which the programs load faster; nil: libbpf reads the kernel's types itself.
    public var types: ProgramTypes?
    /// Bytes of the ring between kernel and user space: a power of two, at least a page.
    public var ringSize: UInt32 = 4 << 20

    public init() {}

    /// Upper bound of a record's size in bytes.
    var longestRecord: Int {
        max(64 << 10, PayloadConfiguration.longestHead + Int(payload?.snapshot ?? 0))
    }

    func write(to config: inout nt_config, plan: AttachPlan) {
        config.sections = sections.rawValue
        config.record_size = UInt32(MemoryLayout<nt_event>.size + sections.size)
        var flags = WantedLists(filters).flags
        if tracksPackets || followsPackets { flags |= Int32(NT_CONFIG_TRACK) }
        if followsPackets { flags |= Int32(NT_CONFIG_FOLLOW) }
        if plan.tracking?.seesLinks == true { flags |= Int32(NT_CONFIG_LINKS_SEEN) }
        if plan.tracking?.seesEnds == true { flags |= Int32(NT_CONFIG_ENDS_SEEN) }
        if plan.hooks.contains(where: \.recordsStack) { flags |= Int32(NT_CONFIG_STACKS) }
        if plan.hooks.contains(where: \.probesReturn) { flags |= Int32(NT_CONFIG_RETURNS) }
        if plan.hasHooksUnder { flags |= Int32(NT_CONFIG_UNDER) }
        if !plan.hooks.contains(where: \.recordsReturn) { flags |= Int32(NT_CONFIG_UNSHOWN_RETURNS) }
        flags |= packetFilter?.flags ?? 0
        config.sets = packetFilter?.sets ?? 0
        config.flags = UInt32(bitPattern: flags)
        config.pidns = ProcessNamespace.ofUser ?? 0
        config.ring_wakeup = min(ringSize / 4, 64 << 10)
        payload?.write(to: &config)
    }
}
