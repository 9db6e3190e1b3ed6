import Protocols

/// One direction of a TCP connection.
struct Flow: Hashable {
    var source: UInt128
    var destination: UInt128
    var ports: UInt32

    /// The opposite direction.
    var reversed: Flow { Flow(source: destination, destination: source, ports: ports << 16 | ports >> 16) }

    /// For tables of a fixed size: an attacker can make values collide, which costs an entry of such a table, not more.
    var mixed: UInt64 {
        func fold(_ value: UInt128) -> UInt64 {
            UInt64(truncatingIfNeeded: value >> 64) &* 31 &+ UInt64(truncatingIfNeeded: value)
        }
        var hash = fold(source) &* 0x9e37_79b9_7f4a_7c15
        hash = (hash ^ hash >> 29 ^ fold(destination)) &* 0xbf58_476d_1ce4_e5b9
        return (hash ^ hash >> 32 ^ UInt64(ports)) &* 0x94d0_49bb_1331_11eb
    }
}

/// The segment of TCP in a packet.
struct Segment {
    let flow: Flow
    /// The place of its layer.
    let layer: Int
    let sequence: UInt32
    let acknowledgement: UInt32
    let flags: TCPFlags
    let window: UInt16
    /// The captured data, as offsets in the packet.
    let data: Range<Int>
    /// Bytes of data on the wire.
    let length: Int

    /// The sequence number after the segment, in which the flags count that have one.
    var end: UInt32 {
        sequence &+ UInt32(truncatingIfNeeded: length) &+ (flags.contains(.syn) ? 1 : 0)
            &+ (flags.contains(.fin) ? 1 : 0)
    }

    var isWhole: Bool { data.count == length }

    private static let tcp = ProtocolTable.place(named: "tcp")
    private static let ipv4 = ProtocolTable.place(named: "ip")
    private static let icmp = ProtocolTable.place(named: "icmp")
    private static let icmpv6 = ProtocolTable.place(named: "icmp6")

    /// The innermost segment of a packet. A segment that an ICMP error quotes belongs to no stream: its data are cut.
    init?(_ layers: borrowing PacketLayers, _ bytes: RawSpan) {
        guard let index = layers.layers.lastIndex(where: { $0.place == Self.tcp }) else { return nil }
        let tcp = layers.layers[index]
        guard let size = tcp.headerLength, !tcp.isTruncated,
            let network = layers.layers[..<index].last(where: { ProtocolTable.isNetwork($0.place) }),
            network.depth == tcp.depth,
            !layers.layers[..<index].contains(where: { $0.place == Self.icmp || $0.place == Self.icmpv6 })
        else { return nil }
        let header = PacketLayers.header(of: tcp, in: bytes)
        let address = PacketLayers.header(of: network, in: bytes)
        let (first, second, width) = network.place == Self.ipv4 ? (96, 128, 32) : (64, 192, 128)
        guard let source = address.bits(.init(first, width)), let destination = address.bits(.init(second, width)),
            let ports = header.u32(0), let sequence = header.u32(4), let acknowledgement = header.u32(8),
            let flags = header.u8(13), let window = header.u16(14)
        else { return nil }
        flow = Flow(source: source, destination: destination, ports: ports)
        layer = index
        self.sequence = sequence
        self.acknowledgement = acknowledgement
        self.flags = TCPFlags(rawValue: flags)
        self.window = window
        let start = min(tcp.start + size, bytes.byteCount)
        length = max(0, tcp.length - size)
        data = start..<min(bytes.byteCount, start + length)
    }
}

extension UInt32 {
    /// The distance between two sequence numbers, which wrap (RFC 9293, section 3.4).
    func distance(after other: UInt32) -> Int { Int(Int32(bitPattern: self &- other)) }
}
