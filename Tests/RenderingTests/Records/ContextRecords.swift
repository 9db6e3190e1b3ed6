import Analysis
import CNettraceBPF
import Events
import Pipeline
import Rendering
import Tracers
import Text

/// Events of packets, rendered through a tracker.
enum ContextRecords {
    static let hooks = [
        ("ip_rcv", "ip-in"), ("dev_hard_start_xmit", "link-out"), ("skb:skb_copy_datagram_iovec", "socket"),
        ("skb:consume_skb", "life"), ("skb:kfree_skb", "life"), ("ip_forward", "ip-forward"),
    ]

    static var names: NameTable {
        NameTable(
            hooks: hooks.map { NameTable.Hook(tracer: $0.0, module: $0.1) },
            dropReasons: [3: "SKB_DROP_REASON_NO_SOCKET"],
            clockOffset: 1_795_230_765_123_456_789 - 463_697_331_957_123,
            symbolize: { $0 == 0xffff_ffff_8100_01a3 ? "tcp_v4_rcv+0x1a3" : nil })
    }

    static let facts = hooks.map { name, group in
        HookFacts(tracer: name, role: role(of: name), flags: group == "life" ? TracerFlags.free : [])
    }

    static func role(of tracer: String) -> HookRole {
        switch tracer {
        case "ip_rcv": .receive
        case "dev_hard_start_xmit": .transmit
        case "skb:skb_copy_datagram_iovec": .deliver
        case "skb:consume_skb", "skb:kfree_skb": .aside
        default: .onward
        }
    }

    static let rules = EndingRules(
        hooks: facts, dropReasons: [3: "SKB_DROP_REASON_NO_SOCKET"])

    static let start: UInt64 = 463_697_331_957_123

    /// An event of a ping, `time` nanoseconds after the start.
    static func event(_ hook: UInt16, at time: UInt64, skb: UInt64 = 0xffff_8881_8f02_f900, flags: UInt32 = 0)
        -> EventRecord
    {
        EventRecord(
            timestamp: start + time, skb: skb, hook: hook,
            flags: hook == 3 || hook == 4 ? flags | NT_EVENT_FREE : flags,
            packet: ipv4(1, echoRequest))
    }

    static func drop(at time: UInt64, skb: UInt64 = 0xffff_8881_8f02_f900) -> EventRecord {
        var record = event(4, at: time, skb: skb, flags: NT_EVENT_DROP | NT_EVENT_REASON)
        record.reason = 3
        record.location = 0xffff_ffff_8100_01a3
        return record
    }

    /// The output of a stream for records with the number of their context, complete at the end of the run.
    static func rendered(
        _ records: [(context: UInt64, EventRecord)], _ renderer: some ContextRenderer,
        names: NameTable = Self.names, rules: EndingRules = Self.rules, limits: ContextTracker.Limits = .init(),
        minimumLatency: UInt64 = 0, limit: UInt64? = nil, advancingTo now: UInt64? = nil
    ) -> (text: String, account: (packets: UInt64, shown: UInt64, suppressed: UInt64)) {
        var stream = ContextStream(
            renderer, releases: { _ in .never }, rules: rules, tracker: ContextTracker(limits: limits),
            minimumLatency: minimumLatency, limit: limit)
        var buffer = ByteBuffer()
        for (context, record) in records {
            let bytes = withContext(context, record)
            stream.accept(bytes.span.bytes, into: &buffer)
        }
        if let now { stream.advance(to: now, into: &buffer) }
        stream.finish(into: &buffer)
        let account = stream.account
        return (text(buffer), (account.shownPackets, account.shownEvents, account.suppressedEvents))
    }

    static func withContext(_ context: UInt64, _ record: EventRecord) -> [UInt8] {
        var bytes = record.bytes
        bytes.withUnsafeMutableBytes { raw in
            raw.storeBytes(
                of: context, toByteOffset: MemoryLayout<nt_event>.offset(of: \.ctx) ?? 0, as: UInt64.self)
        }
        return bytes
    }

    static func timeline(_ records: [EventRecord], coloured: Bool = false, limits: ContextTracker.Limits = .init())
        -> String
    {
        rendered(
            records.map { (1, $0) }, TimelineRenderer(names: names, tracerWidth: 0, coloured: coloured),
            limits: limits
        ).text
    }

    /// The last line of the block.
    static func ending(_ records: [EventRecord], limits: ContextTracker.Limits = .init()) -> String {
        String(timeline(records, limits: limits).dropLast(2).split(separator: "\n").last ?? "")
    }
}
