import Analysis
import Events
import Pipeline
import Protocols
import Rendering
import Tracers
import Text

/// The kernel side's output: headers of packets from the network, and records around them.
enum RecordTargets {
    static func packet(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        let choices = input.byte()
        let layout = PacketLayout(
            startsAtLink: choices & 1 != 0, networkOffset: Int(Int8(bitPattern: input.byte())),
            etherType: input.number(), length: choices & 2 != 0 ? Int(input.number(UInt16.self)) : nil)
        let data = Array(input.rest)
        _ = Packet(decoding: data.span.bytes, layout: layout)
        show(data, from: layout.startsAtLink ? .link(1) : .etherType(layout.etherType))
    }

    /// All fields of all headers, as text and as JSON.
    private static func show(_ packet: [UInt8], from first: ProtocolNumber) {
        let bytes = packet.span.bytes
        let layers = PacketLayers(bytes, from: first)
        var line = TextLine()
        line.append(summaryOf: layers, of: bytes)
        for layer in layers.layers {
            line.append(layer, of: bytes)
            line.append(json: layer, of: bytes)
        }
        precondition(line.bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7f }, "a control character in a packet's text")
    }

    /// Records, each after two bytes with its length, through every view.
    static func records(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        var records: [[UInt8]] = []
        while !input.isEmpty, records.count < 64 { records.append(input.bytes(Int(input.number(UInt16.self) % 1024))) }
        show(records, LineRenderer(names: names, columns: .all))
        show(records, JSONRenderer(names: names))
        // Memory for few packets: most of the time would go into clearing it.
        show(records, FollowRenderer(names: names, columns: .all, numbers: PacketNumbers(capacity: 4)))
        collect(records, TimelineRenderer(names: names, columns: .all))
        collect(records, TimelineJSONRenderer(names: names))
        collect(records, GraphRenderer(names: names, columns: .all))
    }

    private static let tracers = ["ip_rcv", "dev_hard_start_xmit", "skb:kfree_skb", "skb_clone", "tcp_v4_rcv"]

    private static let hooks = tracers.map {
        HookFacts(tracer: $0, role: .receive, flags: $0 == "skb:kfree_skb" ? [.drop, .free] : [])
    }

    /// Used by one thread only.
    nonisolated(unsafe) private static let names = NameTable(
        hooks: tracers.map { .init(tracer: $0, module: "ip-in") }, dropReasons: [3: "SKB_DROP_REASON_NO_SOCKET"],
        symbolize: { _ in "tcp_v4_rcv+0x1a3" })

    private static let rules = EndingRules(hooks: hooks, dropReasons: names.dropReasonNames)

    private static func show(_ records: [[UInt8]], _ renderer: consuming some EventRenderer) {
        var buffer = ByteBuffer(capacity: 4096)
        for record in records {
            guard let event = EventView(record.span.bytes) else { continue }
            renderer.render(event, into: &buffer)
        }
        check(buffer)
    }

    private static func collect(_ records: [[UInt8]], _ renderer: consuming some ContextRenderer) {
        var stream = ContextStream(
            renderer, releases: { _ in .never }, rules: rules,
            tracker: ContextTracker(limits: .init(contexts: 8, eventsPerContext: 16, bytes: 16 << 10)))
        var buffer = ByteBuffer(capacity: 4096)
        for record in records { stream.accept(record.span.bytes, into: &buffer) }
        stream.advance(to: .max, into: &buffer)
        stream.finish(into: &buffer)
        check(buffer)
    }

    /// The program prints nothing that controls a terminal.
    private static func check(_ buffer: borrowing ByteBuffer) {
        buffer.withUnsafeBytes { bytes in
            precondition(steering.isDisjoint(with: bytes), "a control character in the output")
        }
    }

    private static let steering = ByteSet { $0 < 0x20 && $0 != 0x0a }
}

/// A set of bytes as a table: the fuzzer traces every comparison, and one per output byte would slow it down.
private struct ByteSet {
    private let members: [UInt8]

    init(_ isMember: (UInt8) -> Bool) { members = (UInt8.min...UInt8.max).map { isMember($0) ? 1 : 0 } }

    func isDisjoint(with bytes: UnsafeRawBufferPointer) -> Bool {
        members.withUnsafeBufferPointer { members in bytes.reduce(0) { $0 | members[Int($1)] } } == 0
    }
}
