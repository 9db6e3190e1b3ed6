public import PacketDecoding

/// All that the trace says about one lost skb: what rules and culprit finders may go by, and nothing else.
///
/// A copy, so that it outlives the context it was taken from.
public struct Evidence: Sendable {
    /// A device at some point of the packet's way.
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

    /// A function that returned while it handled the skb.
    public struct Return: Sendable, Equatable {
        public var tracer: String
        /// As a signed number of the function's type; nil for functions without a value.
        public var number: Int64?
        /// As the kernel spells it: "NF_DROP", "-EXDEV"; a number where it has no name.
        public var text: String
        /// The function was still running when the packet was dropped.
        public var surroundsDrop: Bool
        /// Index of the event into the context's events.
        public var event: Int

        public init(tracer: String, number: Int64?, text: String, surroundsDrop: Bool, event: Int) {
            self.tracer = tracer
            self.number = number
            self.text = text
            self.surroundsDrop = surroundsDrop
            self.event = event
        }
    }

    /// Index of the drop into the context's events; of the last reception where there is none.
    public var event: Int
    /// What the kernel took without a word of what became of it; nil: it was dropped.
    public var silence: Silence?
    /// Where the trace saw that.
    public var tracer: String?
    public var skb: UInt64
    /// When it was dropped: nanoseconds of CLOCK_MONOTONIC.
    public var time: UInt64 = 0
    /// Name of the drop reason as the kernel spells it; nil where it gives none (before 5.17).
    public var reason: String?
    /// The function that gave the skb up, and where in it ("ip_rcv_finish_core+0x1a3").
    public var function: String?
    public var location: String?
    /// The packet as it was when it was dropped; nil where it could not be decoded.
    public var packet: Packet?
    /// Its bytes from L3 on, as far as they were captured.
    public var bytes: [UInt8] = []
    public var etherType: UInt16 = 0
    /// VLAN ids of the frame, the outermost first, when it came to the device of the drop or when it was dropped: the stack
    /// forgets a tag that it can not use. Empty: it had none, or it was not seen with them.
    public var vlans: [UInt16] = []
    /// Bytes from `skb->data` on.
    public var length: UInt32 = 0
    public var mark: UInt32 = 0
    /// Where it was dropped. In the output path the device may not be known yet.
    public var device: Device?
    /// Inode of the network namespace it was dropped in; nil: not known.
    public var netns: UInt32?
    /// The device by which the packet came into that namespace; nil for packets that were made there.
    public var inDevice: Device?
    /// The process that was running, unless the drop happened in an interrupt.
    public var process: (pid: UInt32, command: String)?
    /// The socket that the packet belongs to: its owner in the initial user namespace, and the number of its file.
    public var socket: (user: UInt32, inode: UInt64?)?
    /// Tracers that handled the skb before, the latest last.
    public var trail: [String] = []
    public var returns: [Return] = []
    /// The call stack at the drop, innermost first, where one was recorded.
    public var stack: [String] = []

    public init(event: Int, skb: UInt64) {
        self.event = event
        self.skb = skb
    }

    /// The function of a symbol, without offset and without what compilers append: "ip_rcv_core.isra.0+0x1f" is in
    /// ip_rcv_core.
    public static func function(in symbol: String) -> String {
        String(symbol.prefix { $0 != "+" && $0 != "." && $0 != " " })
    }

    /// The kernel says why, and not only that it gives no reason.
    public var hasTellingReason: Bool {
        reason.map { DropReason.shortName($0) != "NOT_SPECIFIED" } ?? false
    }
}
