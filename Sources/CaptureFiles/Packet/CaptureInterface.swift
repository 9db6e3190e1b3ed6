/// An interface whose packets are in a capture file.
public struct CaptureInterface: Equatable, Sendable {
    /// Counts of the capturing system; nil where the file does not say.
    public struct Statistics: Equatable, Sendable {
        public var received: UInt64?
        /// Lost for lack of room.
        public var dropped: UInt64?
        /// Accepted by the capture's filter.
        public var accepted: UInt64?
        /// Lost in the system, after the filter.
        public var systemDropped: UInt64?

        public init(
            received: UInt64? = nil, dropped: UInt64? = nil, accepted: UInt64? = nil, systemDropped: UInt64? = nil
        ) {
            self.received = received
            self.dropped = dropped
            self.accepted = accepted
            self.systemDropped = systemDropped
        }
    }

    public var name: String?
    public var description: String?
    public var linkType: LinkType
    /// The most bytes of a packet that are captured; 0 for no limit.
    public var snapshotLength: UInt32
    /// The filter of the capture.
    public var filter: String?
    /// The system that captured.
    public var system: String?
    /// The last counts in the file.
    public var statistics = Statistics()
    /// The unit and the start of the timestamps of pcapng.
    var scale = TimeScale.microseconds

    public init(
        name: String? = nil, description: String? = nil, linkType: LinkType = .ethernet, snapshotLength: UInt32 = 0,
        filter: String? = nil, system: String? = nil
    ) {
        self.name = name
        self.description = description
        self.linkType = linkType
        self.snapshotLength = snapshotLength
        self.filter = filter
        self.system = system
    }
}

/// All that a capture file says besides its packets, as far as it was read.
public struct CaptureContents: Sendable {
    /// Interfaces in the order of their appearance. Those of later sections of a pcapng file follow those of earlier ones.
    public internal(set) var interfaces: [CaptureInterface] = []
    /// The program, system and machine that wrote the last section of a pcapng file, and a comment about it.
    public internal(set) var application: String?
    public internal(set) var system: String?
    public internal(set) var hardware: String?
    public internal(set) var comment: String?
    /// Names by address, the bytes of which are in the order of the wire (4 or 16).
    public internal(set) var names: [[UInt8]: String] = [:]
    /// Packets that records of packets report as lost.
    var droppedBetweenPackets: UInt64 = 0

    /// More would let a file decide on the reader's memory.
    public static let interfaceLimit = 1 << 16
    static let nameLimit = 1 << 16

    /// Packets that the capture lost: by the counts of the interfaces if the file has any, else by its packets.
    public var dropped: UInt64 {
        let counted = interfaces.reduce(0 as UInt64) { sum, interface in
            let counts = interface.statistics
            return sum.addingClamped(counts.dropped ?? 0).addingClamped(counts.systemDropped ?? 0)
        }
        return counted > 0 ? counted : droppedBetweenPackets
    }
}

extension UInt64 {
    func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
