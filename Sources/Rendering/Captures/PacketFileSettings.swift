import Events

/// The form of a capture file.
public struct PacketFileSettings: Sendable {
    /// All packets get the header of Linux cooked captures, so that the file has one link type: tcpdump stops at a second one.
    public var isCooked: Bool
    /// A packet stands in the file once per event, instead of once per device.
    public var showsEveryHook: Bool
    /// The texts beside each packet.
    public var texts: Texts
    /// Bytes of a packet, at most.
    public var limit: Int
    /// Only devices of this network namespace, and of this name; nil: all.
    public var netns: UInt32?
    public var device: String?
    /// Only packets of these; empty: of all.
    public var processes = WantedProcesses(ids: [], commands: [])
    /// Nanoseconds for which a packet waits for earlier ones, which are known later because they live longer.
    var hold: UInt64 { isLive ? 300_000_000 : 6_000_000_000 }
    /// Whether a program reads the file while it is written.
    public var isLive: Bool

    public enum Texts: String, Sendable, CaseIterable {
        /// Comments for people, and JSON for programs.
        case all
        /// Comments on the packet's end, its verdict and its path in few words.
        case path
        case none
    }

    public init(
        isCooked: Bool = false, showsEveryHook: Bool = false, texts: Texts = .all, limit: Int = .max,
        isLive: Bool = false
    ) {
        self.isCooked = isCooked
        self.showsEveryHook = showsEveryHook
        self.texts = texts
        self.limit = limit
        self.isLive = isLive
    }
}

extension PacketFileSettings {
    /// Whether the event's device belongs to the file.
    func includes(_ event: EventView) -> Bool {
        guard netns != nil || device != nil, let section = event.device else { return true }
        if let netns, section.netns != netns { return false }
        guard let device else { return true }
        return section.name.withUnsafeBytes { $0.elementsEqual(device.utf8) }
    }
}
