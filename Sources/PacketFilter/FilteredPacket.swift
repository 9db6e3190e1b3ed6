/// A packet as a filter sees it in user space: the same view as struct nt_filter_ctx gives in the kernel.
public struct FilteredPacket: ~Escapable {
    /// The Ethernet header, or 14 bytes that mean nothing, and then what was captured of the packet from L3 on.
    let frame: RawSpan
    let hasEthernet: Bool
    let etherType: UInt16
    /// Bytes of the whole packet from L3 on.
    let length: UInt32
    /// Shown between Ethernet and L3.
    let tag: (etherType: UInt16, tci: UInt16)?

    /// - Parameters:
    ///   - frame: 14 bytes for the Ethernet header, then the packet from L3 on.
    ///   - hasEthernet: whether the first 14 bytes are one.
    ///   - etherType: of the L3 header.
    ///   - length: bytes of the whole packet from L3 on.
    ///   - tag: the VLAN tag that the kernel keeps beside the packet, for filters that look at tags.
    @_lifetime(copy frame)
    public init(
        frame: RawSpan, hasEthernet: Bool, etherType: UInt16, length: Int, tag: (etherType: UInt16, tci: UInt16)? = nil
    ) {
        self.frame = frame
        self.hasEthernet = hasEthernet
        self.etherType = etherType
        self.length = UInt32(clamping: length)
        self.tag = tag
    }

    /// Bytes of the whole packet; the Ethernet header counts also where there is none.
    var wireLength: UInt32 {
        length.addingReportingOverflow(UInt32(FilterContextLayout.ethernetLength + tagLength)).partialValue
    }

    private var tagLength: Int { tag == nil ? 0 : 4 }

    /// An integer in network order; nil where it is not wholly captured.
    func load(_ bytes: Int, at offset: UInt64) -> UInt32? {
        guard offset <= UInt64(FilterContextLayout.dataSize + 4) else { return nil }
        var value: UInt32 = 0
        for position in Int(offset)..<Int(offset) + bytes {
            guard let byte = byte(at: position) else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    /// The same for an offset that the program has computed: as in the kernel, nothing of an Ethernet header that is not
    /// there can be read that way, its type included.
    func loadIndexed(_ bytes: Int, at offset: UInt64) -> UInt32? {
        hasEthernet || offset >= UInt64(FilterContextLayout.ethernetLength) ? load(bytes, at: offset) : nil
    }

    private func byte(at offset: Int) -> UInt8? {
        let typeOffset = FilterContextLayout.addressesLength
        switch offset - typeOffset {
        case ..<0:
            guard hasEthernet else { return nil }
        case 0, 1:
            return Self.byte(offset - typeOffset, of: tag?.etherType ?? etherType)
        case 2, 3:
            if let tag { return Self.byte(offset - typeOffset - 2, of: tag.tci) }
        case 4, 5:
            if tag != nil { return Self.byte(offset - typeOffset - 4, of: etherType) }
        default:
            break
        }
        let position = offset < typeOffset ? offset : offset - tagLength
        guard position < frame.byteCount else { return nil }
        return unsafe frame.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
    }

    /// Byte 0 is the first one in network order.
    private static func byte(_ place: Int, of value: UInt16) -> UInt8 {
        UInt8(truncatingIfNeeded: place == 0 ? value >> 8 : value)
    }
}
