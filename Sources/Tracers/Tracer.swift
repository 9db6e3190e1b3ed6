/// A tracer's dense index in its catalog: from 0, in the order of the tree.
public struct TracerID: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    public static func < (left: TracerID, right: TracerID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The kind of kernel location that a tracer watches.
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

/// The meaning of a tracer for its packet, and whether groups select it.
public struct TracerFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The packet is freed or released here.
    public static let free = TracerFlags(rawValue: 1 << 0)
    /// A second skb for the same packet is created here.
    public static let clone = TracerFlags(rawValue: 1 << 1)
    /// The packet is dropped here.
    public static let drop = TracerFlags(rawValue: 1 << 2)
    /// The headers are complete here, so that the filter can match the packet for the first time.
    public static let matcher = TracerFlags(rawValue: 1 << 3)
    /// Not selected by its group: too frequent, or redundant to another tracer.
    public static let off = TracerFlags(rawValue: 1 << 4)

    /// It reports trouble with a socket, and is one of the few tracers of `--monitor`.
    public static let monitor = TracerFlags(rawValue: 1 << 5)

    /// It takes no skb: its events belong to the packet of the traced function under which it runs (`-t +NAME`).
    public static let under = TracerFlags(rawValue: 1 << 6)

    /// The flags by their names in tracers.json.
    static let named: [String: TracerFlags] = [
        "free": .free, "clone": .clone, "drop": .drop, "matcher": .matcher, "off": .off,
        "monitor": .monitor,
    ]
}

/// The skb argument of a function, for kernels whose BTF does not describe the function.
///
/// Linux 5.10 has no BTF for modules. On all other kernels BTF is used, and this is ignored.
public struct ArgumentFallback: Hashable, Sendable {
    /// Position of the argument, counted from 1.
    public let skb: Int
    /// nil if the argument is the skb. Otherwise the argument points to memory with the skb's address at this offset in
    /// bytes, as in `struct nft_pktinfo *` or `struct sk_buff **`.
    public let offset: Int?

    public init(skb: Int, offset: Int?) {
        self.skb = skb
        self.offset = offset
    }
}

/// One entry of tracers.json: a place in the kernel that is worth watching.
public struct Tracer: Hashable, Sendable {
    public let id: TracerID
    /// The group that lists the tracer.
    public let group: TracerGroupID
    /// The name for `-t` and in the output.
    public let name: String
    /// Names of the kernel location in order of preference, never empty: the first one that the kernel has is used.
    public let kernelNames: [String]
    public let kind: HookKind
    public let flags: TracerFlags
    public let role: HookRole
    /// One line of plain English, without a full stop.
    public let description: String
    public let fallback: ArgumentFallback?
    /// A tracer that makes this one redundant: if a group selects both, this one is left out when the other is
    /// attached.
    ///
    /// Used by tracepoints that stand in for functions on kernels without kprobes.
    public let insteadOf: TracerID?
    /// The meaning of the function's return value; nil if not declared.
    public let returns: ReturnMeaning?
    /// The event of the socket here; nil if the tracer is only for packets.
    public let event: SocketEvent?
}
