public import Protocols
public import Text

/// `--stats`: packets and bytes of each protocol and of each conversation.
public struct TrafficTable {
    private struct Count {
        var packets: UInt64 = 0
        var bytes: UInt64 = 0

        mutating func add(_ length: Int) {
            packets += 1
            bytes += UInt64(length)
        }
    }

    /// Two ends, the smaller one first, so that both directions are one conversation.
    private struct Conversation: Hashable {
        let protocolPlace: Int
        let first: End
        let second: End
    }

    private struct End: Hashable, Comparable {
        let address: UInt128
        let port: UInt16
        let isIPv6: Bool

        static func < (one: End, other: End) -> Bool {
            (one.address, one.port) < (other.address, other.port)
        }
    }

    private var protocols: [Int: Count] = [:]
    private var conversations: [Conversation: Count] = [:]
    private var others = Count()

    /// More conversations are counted together.
    private static let limit = 100_000
    /// Conversations that are shown.
    private static let rows = 20

    public init() {}

    /// Counts a packet: in each protocol once, and in the conversation of its outermost network header.
    public mutating func add(_ layers: borrowing PacketLayers, _ bytes: RawSpan, length: Int) {
        var seen: [Int] = []
        for layer in layers.layers where !seen.contains(layer.place) {
            seen.append(layer.place)
            protocols[layer.place, default: Count()].add(length)
        }
        guard let conversation = conversation(layers, bytes) else { return }
        if conversations[conversation] == nil, conversations.count >= Self.limit { return others.add(length) }
        conversations[conversation, default: Count()].add(length)
    }

    private func conversation(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Conversation? {
        guard let network = layers.first("ip") ?? layers.first("ip6"), network.depth == 0 else { return nil }
        let isIPv6 = network.kind.name == "ip6"
        func address(_ name: String) -> UInt128? {
            layers.read("\(network.kind.name).\(name)", in: bytes, depth: 0).number
        }
        guard let source = address("src"), let destination = address("dst") else { return nil }
        let transport = layers.layers.first { $0.depth == 0 && $0.kind.base == .transport }
        func port(_ name: String) -> UInt16 {
            guard let transport else { return 0 }
            return layers.read("\(transport.kind.name).\(name)", in: bytes, depth: 0).number.map {
                UInt16(truncatingIfNeeded: $0)
            } ?? 0
        }
        let ends = [
            End(address: source, port: port("sport"), isIPv6: isIPv6),
            End(address: destination, port: port("dport"), isIPv6: isIPv6),
        ].sorted()
        return Conversation(protocolPlace: transport?.place ?? network.place, first: ends[0], second: ends[1])
    }

    public func append(to buffer: inout ByteBuffer) {
        buffer.append("  packets           bytes  protocol\n")
        for (place, count) in protocols.sorted(by: { ($1.value.bytes, $0.key) < ($0.value.bytes, $1.key) }) {
            append(count, ProtocolTable.all[place].name, to: &buffer)
        }
        guard !conversations.isEmpty else { return }
        buffer.append("\n  packets           bytes  conversation\n")
        let sorted = conversations.sorted { ($1.value.bytes, $1.value.packets) < ($0.value.bytes, $0.value.packets) }
        for (conversation, count) in sorted.prefix(Self.rows) { append(count, text(conversation), to: &buffer) }
        var rest = others
        for (_, count) in sorted.dropFirst(Self.rows) {
            rest.packets += count.packets
            rest.bytes += count.bytes
        }
        if rest.packets > 0 {
            let more = max(0, sorted.count - Self.rows)
            append(rest, others.packets > 0 ? "more than \(more) others" : "\(more) others", to: &buffer)
        }
    }

    private func text(_ conversation: Conversation) -> String {
        func text(_ end: End) -> String {
            let address = IPAddress(bits: end.address, isIPv6: end.isIPv6).text
            guard end.port > 0 else { return address }
            return end.isIPv6 ? "[\(address)]:\(end.port)" : "\(address):\(end.port)"
        }
        let kind = ProtocolTable.all[conversation.protocolPlace].name
        return "\(kind) \(text(conversation.first)) <-> \(text(conversation.second))"
    }

    private func append(_ count: Count, _ name: String, to buffer: inout ByteBuffer) {
        appendRight(count.packets, width: 9, to: &buffer)
        appendRight(count.bytes, width: 16, to: &buffer)
        buffer.append("  ")
        buffer.append(contentsOf: name.utf8)
        buffer.append("\n")
    }

    private func appendRight(_ value: UInt64, width: Int, to buffer: inout ByteBuffer) {
        let digits = String(value)
        for _ in 0..<max(1, width - digits.utf8.count) { buffer.append(UInt8(ascii: " ")) }
        buffer.append(contentsOf: digits.utf8)
    }
}
