public import CNettraceBPF

/// The bytes of the packet as far as they were recorded (`struct nt_payload`, BPF/include/nettrace_payload.h), with the
/// VLAN tag where it was on the wire: a tag that the kernel keeps outside the packet is put back.
public struct PayloadSection: ~Escapable {
    /// Whether the bytes begin with the Ethernet header; otherwise they begin with the L3 header.
    public let startsAtLink: Bool
    /// Bytes of the whole packet, from the first of `count` on.
    public let length: Int
    /// Number of recorded bytes.
    public let count: Int
    /// Whether the kernel did not show as many bytes as were wanted.
    public let isUnreadable: Bool
    /// The state of the packet's checksum and segments.
    public let offload: Offload
    /// TPID and TCI; nil if no tag is put back.
    @usableFromInline let tag: UInt32?
    /// The bytes without the tag.
    @usableFromInline let bytes: RawSpan

    /// Behind the Ethernet addresses.
    @usableFromInline static var tagOffset: Int { 12 }
    @usableFromInline static var tagSize: Int { 4 }

    /// - Parameter bytes: the bytes after the fixed part, as far as the record holds them.
    @usableFromInline
    @_lifetime(copy bytes)
    init(_ head: nt_payload, bytes: RawSpan) {
        startsAtLink = UInt32(head.flags) & NT_PAYLOAD_L2 != 0
        isUnreadable = UInt32(head.flags) & NT_PAYLOAD_UNREADABLE != 0
        offload = Offload(rawValue: head.flags)
        let captured = min(Int(head.captured), bytes.byteCount)
        self.bytes = bytes.extracting(0..<captured)
        let isTagged = UInt32(head.flags) & NT_PAYLOAD_VLAN != 0 && startsAtLink && captured >= Self.tagOffset
        tag = isTagged ? UInt32(head.vlan_proto) << 16 | UInt32(head.vlan_tci) : nil
        let added = isTagged ? Self.tagSize : 0
        count = captured + added
        length = Int(head.length) + added
    }

    /// Work that is left to a device, or that a device has done.
    public struct Offload: OptionSet, Sendable {
        public let rawValue: UInt16
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        /// The device completes the transport checksum.
        public static let sumPending = Offload(rawValue: UInt16(NT_PAYLOAD_SUM_PENDING))
        /// A device has found the checksum right.
        public static let sumValid = Offload(rawValue: UInt16(NT_PAYLOAD_SUM_VALID))
        /// The device cuts the packet into segments.
        public static let segments = Offload(rawValue: UInt16(NT_PAYLOAD_SEGMENTS))
    }

    /// Calls `body` with the bytes in one or, where a tag is put back, three pieces.
    public func forEachPiece(_ body: (RawSpan) -> Void) {
        guard let tag else { return body(bytes) }
        body(bytes.extracting(first: Self.tagOffset))
        withUnsafeBytes(of: tag.bigEndian) { body($0.bytes) }
        body(bytes.extracting(droppingFirst: Self.tagOffset))
    }

    /// - Parameter index: 0 up to `count`; beyond, 0.
    @inlinable
    public subscript(index: Int) -> UInt8 {
        guard let tag, index >= Self.tagOffset else { return bytes.load(UInt8.self, at: index) ?? 0 }
        let inTag = index - Self.tagOffset
        guard inTag >= Self.tagSize else { return UInt8(truncatingIfNeeded: tag >> UInt32(24 - 8 * inTag)) }
        return bytes.load(UInt8.self, at: index - Self.tagSize) ?? 0
    }

    /// Where L3 starts among the bytes, at most `count`: after the Ethernet header and its VLAN tags.
    public var networkOffset: Int {
        guard startsAtLink else { return 0 }
        var offset = Int(NT_L2_LEN)
        while offset <= count, isTag(at: offset - 2) { offset += Self.tagSize }
        return min(offset, count)
    }

    /// The ethertypes of VLAN tags that tcpdump knows as well: 802.1Q, 802.1ad, and QinQ before it.
    private func isTag(at offset: Int) -> Bool {
        let type = UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
        return [0x8100, 0x88a8, 0x9100].contains(type)
    }

    /// Whether the bytes from `offset` on are those of `other` from `otherOffset` on, with the same length of the packet.
    public func isEqual(from offset: Int, to other: borrowing PayloadSection, from otherOffset: Int) -> Bool {
        let rest = count - offset
        guard rest == other.count - otherOffset, length - offset == other.length - otherOffset else { return false }
        for index in 0..<max(0, rest) where self[offset + index] != other[otherOffset + index] { return false }
        return true
    }
}

extension EventView {
    /// The bytes of the packet; nil if the record has none.
    public var payload: PayloadSection? {
        @_lifetime(copy self)
        get {
            guard let offset = sections.payload, let head = bytes.load(nt_payload.self, at: offset) else { return nil }
            guard head.captured > 0 else { return nil }
            let start = offset + SectionOffsets.payloadSize
            let end = start + min(Int(head.size), bytes.byteCount - start)
            return PayloadSection(head, bytes: bytes.extracting(start..<end))
        }
    }

    /// Bits of `nt_event.sections` that this program does not know, from `NT_SECTION_PAYLOAD` on upwards.
    @inlinable public var unknownSections: UInt32 { sections.unknown }

    /// Number of sections that this program knows: their bits are the lowest ones.
    public static var knownSections: Int { (SectionOffsets.known + 1).trailingZeroBitCount }
}
