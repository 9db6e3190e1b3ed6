/// A tracer's dense index in its catalog: 0 up to the number of tracers, in the order of the tree.
public struct TracerID: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    public static func < (left: TracerID, right: TracerID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What kind of kernel location a tracer watches.
public enum HookKind: String, Hashable, Sendable {
    /// The entry of a kernel function.
    case function
    /// A static tracepoint; its kernel names have the form `category:name`.
    case tracepoint
    /// BPF programs of one family that others have loaded, from entry to return; named as ``ProgramFamily`` says.
    case program
}

/// BPF programs that decide about packets.
public enum ProgramFamily: String, CaseIterable, Hashable, Sendable {
    case xdp
    /// Classifiers and actions, attached by tc, tcx or netkit.
    case tc

    /// The kernel name of its tracer.
    public var kernelName: String { "bpf:" + rawValue }
}

/// What a tracer means for the packet it sees, and whether it takes part unasked.
public struct TracerFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The packet is freed or released here.
    public static let free = TracerFlags(rawValue: 1 << 0)
    /// A second skb for the same packet is made here.
    public static let clone = TracerFlags(rawValue: 1 << 1)
    /// The packet is thrown away here: always together with a reason to look closer.
    public static let drop = TracerFlags(rawValue: 1 << 2)
    /// The headers are complete here, so that a packet can be recognised for the first time.
    public static let matcher = TracerFlags(rawValue: 1 << 3)
    /// Not selected by its group: too frequent, or it repeats what another tracer tells.
    public static let off = TracerFlags(rawValue: 1 << 4)

    /// It tells of trouble with a socket: one of the few tracers of `--monitor`.
    public static let monitor = TracerFlags(rawValue: 1 << 5)

    /// The flags by the names they have in tracers.json.
    static let named: [String: TracerFlags] = [
        "free": .free, "clone": .clone, "drop": .drop, "matcher": .matcher, "off": .off,
        "monitor": .monitor,
    ]
}

/// Where a function has its skb, for kernels whose BTF does not describe the function.
///
/// Linux 5.10 has no BTF for modules. Everywhere else BTF decides and this is ignored.
public struct ArgumentFallback: Hashable, Sendable {
    /// Position of the argument, counted from 1.
    public let skb: Int
    /// `nil`: the argument is the skb. Otherwise the argument points to memory that holds the skb's address at
    /// this offset in bytes, as in `struct nft_pktinfo *` or `struct sk_buff **`.
    public let offset: Int?

    public init(skb: Int, offset: Int?) {
        self.skb = skb
        self.offset = offset
    }
}

/// One entry of tracers.json: a place in the kernel that is worth watching.
public struct Tracer: Hashable, Sendable {
    public let id: TracerID
    /// The group whose list holds the tracer.
    public let group: TracerGroupID
    /// What the user types after `-t` and sees in the output.
    public let name: String
    /// The names of the kernel location by preference, never empty: the first one that the kernel has is used.
    public let kernelNames: [String]
    public let kind: HookKind
    public let flags: TracerFlags
    /// One line of plain English, without a full stop.
    public let description: String
    public let fallback: ArgumentFallback?
    /// Selected by a group, this tracer is left out when that one gets attached, since both tell the same.
    ///
    /// Tracepoints that stand in for functions on kernels without kprobes have it.
    public let insteadOf: TracerID?
    /// What the number means that the function returns; `nil`: not declared.
    public let returns: ReturnMeaning?
    /// What happens to a socket here; `nil`: the tracer is for packets only.
    public let event: SocketEvent?
}
