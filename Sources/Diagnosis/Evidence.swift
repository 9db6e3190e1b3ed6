public import Protocols

/// All facts of the trace about one lost skb, the only input of rules and culprit finders.
///
/// A copy, so that it outlives the context from which it was taken.
public struct Evidence: Sendable {
    /// A device on the packet's path.
    public struct Device: Sendable, Equatable {
        public var name: String
        public var ifindex: UInt32
        /// Inode of its network namespace.
        public var netns: UInt32

        public init(name: String, ifindex: UInt32, netns: UInt32) {
            self.name = name
            self.ifindex = ifindex
            self.netns = netns
        }
    }

    /// A function that handled the skb, and its return value.
    public struct Return: Sendable, Equatable {
        public var tracer: String
        /// Signed number of the function's type; nil for functions without a value.
        public var number: Int64?
        /// As the kernel spells it: "NF_DROP", "-EXDEV"; a number if it has no name.
        public var text: String
        /// Whether the function was still running when the packet was dropped.
        public var surroundsDrop: Bool
        /// Index of the event into the context's events.
        public var event: Int
        /// Whether a tracepoint reports the value, and no function returns it.
        public var isReport: Bool { tracer.contains(":") }

        public init(tracer: String, number: Int64?, text: String, surroundsDrop: Bool, event: Int) {
            self.tracer = tracer
            self.number = number
            self.text = text
            self.surroundsDrop = surroundsDrop
            self.event = event
        }
    }

    /// Index of the drop in the context's events, or of the last reception if there is no drop.
    public var event: Int
    /// The kind of packet that the kernel freed without reporting whether it was answered; nil if the packet was dropped.
    public var unanswered: UnansweredRequest?
    /// The tracer of that event.
    public var tracer: String?
    public var skb: UInt64
    /// Time of the drop: nanoseconds of CLOCK_MONOTONIC.
    public var time: UInt64 = 0
    /// Nanoseconds from the skb's last event before the drop to the drop; nil if the drop is its first event.
    public var waited: UInt64?
    /// Name of the drop reason as the kernel spells it; nil if the kernel gives none (before 5.17).
    public var reason: String?
    /// The function that freed the skb, and the address in it ("ip_rcv_finish_core+0x1a3").
    public var function: String?
    public var location: String?
    /// The packet at the drop; nil if it could not be decoded.
    public var packet: Packet?
    /// The kinds of the packet, if it was dropped.
    public var kinds: PacketKind = []
    /// The captured bytes of the packet from the network header on.
    public var bytes: [UInt8] = []
    public var etherType: UInt16 = 0
    /// VLAN ids of the frame, outermost first, at its arrival on the device of the drop or at the drop: the stack removes a tag
    /// that it cannot use. Empty if the frame had none, or was not seen with them.
    public var vlans: [UInt16] = []
    /// Number of bytes from `skb->data` on.
    public var length: UInt32 = 0
    public var mark: UInt32 = 0
    /// The device at the drop. In the output path it may not be known yet.
    public var device: Device?
    /// Inode number of the network namespace of the drop; nil if not known.
    public var netns: UInt32?
    /// The device by which the packet entered that namespace; nil if the packet was made there.
    public var inDevice: Device?
    /// The process that was running; nil if the drop happened in an interrupt.
    public var process: (pid: UInt32, command: String)?
    /// The packet's socket: its owner in the initial user namespace, and the inode number of its file.
    public var socket: (user: UInt32, inode: UInt64?)?
    /// Tracers that handled the skb before the drop, the latest last.
    public var trail: [String] = []
    public var returns: [Return] = []
    /// The frame that XDP has lost: this one, or the one that the skb was for its program.
    public var lostFrame: LostFrame?
    /// The call stack at the drop, innermost function first; empty if none was recorded.
    public var stack: [String] = []

    public init(event: Int, skb: UInt64) {
        self.event = event
        self.skb = skb
    }

    /// The function of a symbol, without the offset and without suffixes of the compiler: "ip_rcv_core.isra.0+0x1f" is in
    /// ip_rcv_core.
    public static func function(in symbol: String) -> String {
        String(symbol.prefix { $0 != "+" && $0 != "." && $0 != " " })
    }

    /// Whether the kernel gives a reason, and one other than NOT_SPECIFIED.
    public var hasTellingReason: Bool {
        reason.map { DropReason.shortName($0) != "NOT_SPECIFIED" } ?? false
    }
}
