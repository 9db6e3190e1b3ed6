import Protocols

/// Packets of IP from their fragments (RFC 791, RFC 8200): the last fragment to arrive shows the whole.
///
/// As in Linux (net/ipv4/inet_fragment.c, inet_frag_queue_insert), a fragment that overlaps another one without being its
/// copy ends the packet. At most `totalLimit` bytes are kept; the oldest packets are given up.
struct FragmentAssembly {
    private struct Key: Hashable {
        let source: UInt128
        let destination: UInt128
        let id: UInt32
        let number: UInt8
    }

    private struct Packet {
        var pieces: [(start: Int, bytes: [UInt8])] = []
        var total: Int?
        let serial: UInt64
        let time: Int64

        var size: Int { pieces.reduce(0) { $0 + $1.bytes.count } }
    }

    private var packets: [Key: Packet] = [:]
    private var order: [(key: Key, serial: UInt64)] = []
    private var serial: UInt64 = 0
    /// Bytes that are kept.
    private(set) var size = 0

    static let totalLimit = 4 << 20
    private static let pieceLimit = 512
    /// As net.ipv4.ipfrag_time, in nanoseconds.
    private static let lifetime: Int64 = 30_000_000_000

    /// A fragment of a packet, if it is one.
    private struct Fragment {
        let key: Key
        /// Of the header that says so.
        let layer: Int
        let start: Int
        let isLast: Bool
        let data: Range<Int>

        private static let ipv4 = ProtocolTable.place(named: "ip")
        private static let extensionHeader = ProtocolTable.place(named: "ip6.frag")

        init?(_ layers: borrowing PacketLayers, _ bytes: RawSpan) {
            for index in layers.layers.indices {
                let layer = layers.layers[index]
                guard layer.depth == 0, !layer.isTruncated, let size = layer.headerLength else { continue }
                let header = PacketLayers.header(of: layer, in: bytes)
                switch layer.place {
                case Self.ipv4:
                    guard let place = header.u16(6), place & 0x3fff != 0, let id = header.u16(4),
                        let number = header.u8(9), let length = header.u16(2), Int(length) > size,
                        let source = header.u32(12), let destination = header.u32(16)
                    else { return nil }
                    key = Key(
                        source: UInt128(source), destination: UInt128(destination), id: UInt32(id), number: number)
                    start = Int(place & 0x1fff) * 8
                    isLast = place & 0x2000 == 0
                    data = layer.start + size..<layer.start + Int(length)
                case Self.extensionHeader:
                    guard let network = layers.layers[..<index].last(where: { ProtocolTable.isNetwork($0.place) }),
                        let place = header.u16(2), place & 0xfff9 != 0, let id = header.u32(4),
                        let number = header.u8(0), layer.length > size
                    else { return nil }
                    let address = PacketLayers.header(of: network, in: bytes)
                    guard let source = address.bits(.init(64, 128)), let destination = address.bits(.init(192, 128))
                    else { return nil }
                    key = Key(source: source, destination: destination, id: id, number: number)
                    start = Int(place & 0xfff8)
                    isLast = place & 1 == 0
                    data = layer.start + size..<layer.start + layer.length
                default: continue
                }
                self.layer = index
                // A fragment that was not captured whole cannot be joined.
                guard data.upperBound <= bytes.byteCount, isLast || data.count % 8 == 0, start + data.count <= 65535
                else { return nil }
                return
            }
            return nil
        }
    }

    /// Takes a packet. If it completes another one, `message` becomes the packet up to the end of its network header and
    /// the joined payload, and the layers are those of it. Returns the offset of the payload, or nil.
    mutating func take(
        _ layers: inout PacketLayers, _ bytes: RawSpan, time: Int64?, message: inout [UInt8]
    ) -> Int? {
        guard let fragment = Fragment(layers, bytes),
            let payload = join(fragment, bytes.extracting(fragment.data), time: time ?? 0)
        else { return nil }
        message.removeAll(keepingCapacity: true)
        bytes.extracting(0..<fragment.data.lowerBound).withUnsafeBytes { message.append(contentsOf: $0) }
        for piece in payload.pieces { message.append(contentsOf: piece.bytes) }
        let number = fragment.key.number
        if layers.layers[fragment.layer].kind.name == "ip" {
            layers.resume(
                message.span.bytes, after: fragment.layer, at: fragment.data.lowerBound, as: .ipProtocol(number))
        } else {
            layers.resume(
                message.span.bytes, after: fragment.layer, at: fragment.data.lowerBound, as: .extensionHeader(number),
                .ipProtocol(number))
        }
        return fragment.data.lowerBound
    }

    private mutating func join(_ fragment: Fragment, _ data: RawSpan, time: Int64) -> Packet? {
        makeRoom(data.byteCount)
        serial += 1
        var packet = remove(fragment.key) ?? Packet(serial: serial, time: time)
        // An id is used again after a while.
        if time - packet.time > Self.lifetime { packet = Packet(serial: serial, time: time) }
        let range = fragment.start..<fragment.start + data.byteCount
        let isCopy = packet.pieces.contains { $0.start == range.lowerBound && $0.bytes.count == range.count }
        if !isCopy {
            let overlaps = packet.pieces.contains {
                $0.start < range.upperBound && range.lowerBound < $0.start + $0.bytes.count
            }
            let isBeyond = packet.total.map { range.upperBound > $0 } ?? false
            guard !overlaps, !isBeyond, packet.pieces.count < Self.pieceLimit else { return nil }
            packet.pieces.append((range.lowerBound, data.withUnsafeBytes { [UInt8]($0) }))
        }
        if fragment.isLast {
            guard packet.total ?? range.upperBound == range.upperBound else { return nil }
            packet.total = range.upperBound
        }
        if let total = packet.total, packet.size == total {
            packet.pieces.sort { $0.start < $1.start }
            return packet
        }
        size += packet.size
        packets[fragment.key] = packet
        if packet.serial == serial { order.append((fragment.key, serial)) }
        return nil
    }

    private mutating func remove(_ key: Key) -> Packet? {
        guard let packet = packets.removeValue(forKey: key) else { return nil }
        size -= packet.size
        return packet
    }

    private mutating func makeRoom(_ count: Int) {
        var ended = 0
        while ended < order.count, size + count > Self.totalLimit || order.count - ended > Self.totalLimit / 256 {
            let oldest = order[ended]
            if packets[oldest.key]?.serial == oldest.serial { _ = remove(oldest.key) }
            ended += 1
        }
        order.removeFirst(ended)
    }
}
