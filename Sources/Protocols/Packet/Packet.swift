/// Properties of packet bytes that the bytes themselves do not contain.
public struct PacketLayout: Sendable {
    /// Whether the bytes start with an Ethernet header.
    public var startsAtLink: Bool
    /// Offset of L3, or of the first VLAN tag after an Ethernet header; any value is safe.
    public var networkOffset: Int
    /// Ethertype of the data at `networkOffset`; 0 if unknown.
    public var etherType: UInt16
    /// A VLAN tag that is kept outside the bytes.
    public var vlanTag: VLANTag?
    /// Bytes on the wire from the L3 header to the end, for packets whose own length field is 0 (BIG TCP, or not yet
    /// filled in); nil if unknown.
    public var length: Int?

    public init(
        startsAtLink: Bool, networkOffset: Int, etherType: UInt16, vlanTag: VLANTag? = nil, length: Int? = nil
    ) {
        self.startsAtLink = startsAtLink
        self.networkOffset = networkOffset
        self.etherType = etherType
        self.vlanTag = vlanTag
        self.length = length
    }
}

/// The decoded headers of one packet, and of the packet inside it if it is a tunnel or an ICMP error.
///
/// A plain value without heap storage. Only one level of encapsulation is decoded.
public struct Packet: Sendable, Equatable {
    /// An encapsulated packet.
    public struct Inner: Sendable, Equatable {
        public let encapsulation: Encapsulation
        public var ethernet: EthernetHeader?
        public var vlanTags = VLANTags()
        public var headers: Headers
    }

    public var ethernet: EthernetHeader?
    public var vlanTags = VLANTags()
    public var headers: Headers
    public var inner: Inner?

    /// A packet without any header.
    public init() {
        headers = Headers(etherType: 0)
    }

    /// Decodes the captured bytes: any bytes result in a packet, and `Headers.isTruncated` reports missing ones.
    public init(decoding bytes: RawSpan, layout: PacketLayout) {
        self.init()
        decode(bytes, layout: layout)
    }

    /// Decodes the bytes into this value: a packet is too large to create and move for each event.
    public mutating func decode(_ bytes: RawSpan, layout: PacketLayout) {
        vlanTags = VLANTags()
        if let tag = layout.vlanTag {
            vlanTags.append(tag)
        }
        ethernet = layout.startsAtLink ? EthernetHeader(bytes, at: 0) : nil
        let start = NetworkStart(bytes, layout, &vlanTags)
        let inside = decodeHeaders(
            bytes, at: start.offset, etherType: start.etherType, length: layout.length, into: &headers)
        if start.isTruncated {
            headers.isTruncated = true
        }
        // Usually there is none, and the check is faster than storing nil.
        if inner != nil { inner = nil }
        if let inside { inner = Inner(bytes, inside) }
    }
}

extension Packet.Inner {
    init(_ bytes: RawSpan, _ inside: EncapsulatedPacket) {
        encapsulation = inside.kind
        var offset = inside.offset
        var etherType = inside.etherType
        if etherType == EtherType.transparentBridging {
            ethernet = EthernetHeader(bytes, at: offset)
            offset += EthernetHeader.size
            guard let ethernet,
                let next = skipVLANTags(bytes, ethernet.etherType, at: &offset, into: &vlanTags)
            else {
                headers = Headers(etherType: 0, isTruncated: true)
                return
            }
            etherType = next
        }
        headers = Headers(etherType: 0)
        _ = decodeHeaders(bytes, at: offset, etherType: etherType, length: nil, into: &headers)
        if inside.kind == .icmpError {
            // Routers may quote as little as the IP header and eight bytes, which is complete for a quote.
            headers.isTruncated = headers.network == .none
        }
    }
}
