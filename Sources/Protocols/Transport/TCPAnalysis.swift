/// The relation of a segment to the others of its connection, which no header has: code that follows connections writes
/// these bytes after the packet and inserts the layer (`PacketLayers.insert`).
public struct TCPAnalysis: Equatable, Sendable {
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt16

        public init(rawValue: UInt16) { self.rawValue = rawValue }

        public static let retransmission = Flags(rawValue: 0x01)
        /// Data before the highest that was seen, but not a second time.
        public static let outOfOrder = Flags(rawValue: 0x02)
        public static let duplicateAcknowledgement = Flags(rawValue: 0x04)
        public static let zeroWindow = Flags(rawValue: 0x08)
        /// Data before this segment was not captured.
        public static let gap = Flags(rawValue: 0x10)
        public static let keepAlive = Flags(rawValue: 0x20)
    }

    public var flags: Flags = []
    /// Data that the other end had not acknowledged when the segment was sent, the segment's included.
    public var bytesInFlight: UInt32?
    /// Microseconds from a segment to its acknowledgement, which this segment is.
    public var roundTrip: UInt32?
    /// The number of this one among equal acknowledgements in a row.
    public var duplicates: UInt32?

    public static let size = 16
    /// Of its layer in `ProtocolTable.all`.
    public static let place = ProtocolTable.place(named: "tcp.analysis") ?? 0

    public init() {}

    /// Appends `size` bytes, in the order of the fields of `tcp.analysis`.
    public func append(to bytes: inout [UInt8]) {
        func append(_ value: UInt32) {
            for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
        }
        let known: UInt32 =
            (bytesInFlight == nil ? 0 : 1) | (roundTrip == nil ? 0 : 2) | (duplicates == nil ? 0 : 4)
        append(known << 16 | UInt32(flags.rawValue))
        append(bytesInFlight ?? 0)
        append(roundTrip ?? 0)
        append(duplicates ?? 0)
    }
}

extension PacketProtocol {
    private static let analysisFlags: [StaticString] = [
        "retransmission", "outoforder", "dupack", "zerowindow", "gap", "keepalive",
    ]

    static let tcpAnalysis = PacketProtocol(
        "tcp.analysis", "TCP analysis", [], base: .walked,
        fields: [
            ProtocolField("tcp.analysis.flags", bit: 26, 6, .flags(analysisFlags)),
            .part("tcp.analysis.keepalive", bit: 26), .part("tcp.analysis.gap", bit: 27),
            .part("tcp.analysis.zerowindow", bit: 28), .part("tcp.analysis.dupack", bit: 29),
            .part("tcp.analysis.outoforder", bit: 30), .part("tcp.analysis.retransmission", bit: 31),
            ProtocolField("tcp.analysis.bytesinflight", bit: 32, 32, when: .bits(15, 1, are: [1])),
            ProtocolField("tcp.analysis.rtt", bit: 64, 32, when: .bits(14, 1, are: [1])),
            ProtocolField("tcp.analysis.dupacks", bit: 96, 32, when: .bits(13, 1, are: [1])),
        ],
        headerLength: { _ in TCPAnalysis.size })
}
