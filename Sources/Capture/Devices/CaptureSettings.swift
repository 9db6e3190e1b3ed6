public import PacketFilter

/// The packets to capture, and the size of the ring.
public struct CaptureSettings: Sendable {
    /// The name of a device; nil for all devices of the process' network namespace, also those that appear later.
    public var interface: String?
    /// Devices receive packets for other machines too, and these are captured. The mode ends with the process.
    public var isPromiscuous = false
    /// The most bytes of a packet to capture, 1 to `snapLimit`.
    public var snapLength = CaptureSettings.snapLimit
    /// pcap-filter(7), run by the kernel; nil for all packets.
    public var expression: String?
    /// Another program for the kernel, instead of `expression`.
    public var prefilter: PacketPrefilter?
    /// All packets get the header of Linux cooked captures (LINKTYPE_LINUX_SLL2) instead of their device's, for file
    /// formats with one link type.
    public var isCooked = false
    /// The size of the ring: what the kernel can hold while the reader does something else.
    public var ringBytes = 16 << 20
    /// After this time a packet is available at the latest, in milliseconds.
    public var latency: UInt32 = 50

    /// Readers of capture files refuse larger packets.
    public static let snapLimit = 262_144

    public init() {}

    /// The program that the kernel runs. May block: names in the expression are looked up.
    func filter() throws(FilterError) -> SocketFilter {
        if let prefilter {
            return try SocketFilter(
                prefilter, acceptsOthers: isPromiscuous, snapLength: UInt32(clampedSnapLength))
        }
        return try SocketFilter(expression, acceptsOthers: isPromiscuous, snapLength: UInt32(clampedSnapLength))
    }

    var clampedSnapLength: Int { min(max(snapLength, 1), Self.snapLimit) }
}
