import Protocols

/// The result of reading a property of a packet.
enum Reading: Equatable, Sendable {
    case known(Value)
    /// The packet does not have it: the kernel's expression breaks, and the rule does not match.
    case absent
    case unknown(String)
}

/// The bytes of a packet with the offsets of its headers, determined as in the kernel (`nft_set_pktinfo_ipv4`,
/// `ipv6_find_hdr`).
struct PacketBytes: Sendable {
    enum Base: Sendable { case network, transport, inner }

    let bytes: [UInt8]
    let length: Int
    /// 4 or 6; nil for other protocols.
    let version: Int?
    /// The transport protocol after extension headers.
    private(set) var transport: Reading = .absent
    /// Offset of the transport header; nil if the packet or the capture has none.
    private(set) var transportOffset: Int?
    /// Offset of this fragment in units of 8 bytes.
    private(set) var fragmentOffset = 0
    /// The extension headers of an IPv6 packet, in order.
    private(set) var extensionHeaders: [UInt8] = []

    init(_ crossing: HookCrossing) {
        bytes = crossing.packet
        length = crossing.length
        version = crossing.etherType == EtherType.ipv4 ? 4 : crossing.etherType == EtherType.ipv6 ? 6 : nil
        if crossing.etherType == nil { transport = .unknown("the network protocol") }
        if version == 4 { findTransport4() }
        if version == 6 { findTransport6() }
    }

    private mutating func findTransport4() {
        guard bytes.count >= 20 else {
            transport = .unknown("the packet's IPv4 header, which was not captured")
            return
        }
        transport = .known(.number(UInt128(bytes[9])))
        fragmentOffset = (Int(bytes[6]) << 8 | Int(bytes[7])) & 0x1fff
        let offset = Int(bytes[0] & 0xf) * 4
        if offset >= 20 { transportOffset = offset }
    }

    private mutating func findTransport6() {
        guard bytes.count >= 40 else {
            transport = .unknown("the packet's IPv6 header, which was not captured")
            return
        }
        let bytes = bytes
        var walk = ExtensionHeaderWalk(from: 40, bytes[6])
        var found: [UInt8] = []
        var fragment: UInt128 = 0
        let isComplete = walk.walk(bytes.span.bytes, over: .netfilter) { header in
            found.append(header.number)
            guard header.offset + 8 <= bytes.count else { return .cut }
            if header.number == IPProtocol.fragment {
                fragment = ProtocolTable.number("ip6.frag.off", in: bytes.span.bytes, at: header.offset) ?? 0
            }
            return fragment == 0 ? .more : .last
        }
        extensionHeaders = found
        fragmentOffset = Int(fragment)
        guard isComplete else {
            transport =
                walk.offset + 8 <= length
                ? .unknown("the packet's extension headers, which were not captured") : .absent
            return
        }
        transport = .known(.number(UInt128(walk.next)))
        transportOffset = walk.offset
    }

    /// Whether the packet, or its first fragment, ends within the transport header. Extensions of iptables that read
    /// the header drop such packets, regardless of the rule (`hotdrop` in net/netfilter/xt_tcpudp.c and others).
    var hasBrokenTransport: Bool {
        guard case .known(.number(let number)) = transport, let transportOffset else { return false }
        let sizes: [UInt128: Int] = [1: 8, 6: 20, 17: 8, 33: 12, 58: 8, 132: 12, 136: 8]
        guard let size = sizes[number] else { return false }
        return fragmentOffset == 0 ? transportOffset + size > length : fragmentOffset == 1
    }

    /// net/netfilter/nft_payload.c, __nft_payload_inner_offset
    private func transportSize(at offset: Int) -> Int? {
        switch transport {
        case .known(.number(17)): 8
        case .known(.number(6)): offset + 12 < bytes.count ? Int(bytes[offset + 12] >> 4) * 4 : nil
        default: nil
        }
    }

    /// Reads `count` bits, at most 128, that begin `bit` bits after the start of a header.
    func read(_ base: Base, bit: Int, count: Int) -> Reading {
        var start = 0
        if base != .network {
            guard fragmentOffset == 0 else {
                // Kernels before 5.19 read the fragment's data as if it were a header.
                return .unknown("a transport header, which only the first fragment has")
            }
            if case .unknown(let reason) = transport { return .unknown(reason) }
            guard let transportOffset else { return .absent }
            start = transportOffset
            if base == .inner {
                guard let size = transportSize(at: transportOffset) else {
                    return .unknown("where the data begins (@ih)")
                }
                start += size
            }
        }
        let end = start + (bit + count + 7) / 8
        guard end <= length else { return .absent }
        let bits = ProtocolField.Bits(bit, count)
        return bytes.span.bytes.bits(bits, from: start).map { .known(.number($0)) }
            ?? .unknown("bytes of the packet that were not captured")
    }
}
