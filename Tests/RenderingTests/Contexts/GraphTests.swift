import Analysis
import AttachPlanning
import CNettraceBPF
import Rendering
import Testing
import Tracers

/// Blocks with calls: the timeline's, and the call tree.
@Suite struct GraphTests {
    private static let int = ReturnType.integer(bits: 32, isSigned: true)
    private static var names: NameTable {
        NameTable(
            hooks: [
                .init(tracer: "ip_rcv", module: "ip-in", returns: .init(type: int, meaning: .receive)),
                .init(tracer: "nf_hook_slow", module: "nf-hooks", returns: .init(type: int, meaning: .hook)),
                .init(tracer: "nft_do_chain", module: "nftables", returns: .init(type: int, meaning: .verdict)),
                .init(tracer: "skb:consume_skb", module: "life"),
                .init(tracer: "ip_forward", module: "ip-forward", returns: .init(type: .void)),
            ], clockOffset: 1_795_230_765_123_456_789 - 463_697_331_957_123)
    }

    private static let rules = EndingRules(
        hooks: names.hooks.map {
            HookFacts(
                tracer: $0.tracer, role: ContextRecords.role(of: $0.tracer),
                flags: $0.module == "life" ? TracerFlags.free : [])
        })

    private static let waiting = ContextTracker.Limits(returnGrace: 1_000_000_000)
    private static let skb: UInt64 = 0xffff_8881_8f02_f900

    private static func call(_ hook: UInt16, at time: UInt64, skb: UInt64 = skb) -> EventRecord {
        var record = ContextRecords.event(hook, at: time, skb: skb, flags: NT_EVENT_CALL | NT_EVENT_INTERRUPT)
        if hook == 3 || hook == 4 { record.flags &= ~NT_EVENT_FREE }
        return record
    }

    private static func end(
        _ hook: UInt16, at time: UInt64, of entered: UInt64, _ value: Int64 = 0, skb: UInt64 = skb
    ) -> EventRecord {
        var record = call(hook, at: time, skb: skb)
        record.flags = NT_EVENT_RETURN | NT_EVENT_INTERRUPT
        record.functionReturn = (UInt64(bitPattern: value), ContextRecords.start + entered)
        return record
    }

    /// A packet that passes a firewall, and is consumed before the outer calls return.
    private static let packet = [
        call(0, at: 0), call(1, at: 1_700), call(2, at: 2_100), end(2, at: 10_100, of: 2_100, 1),
        end(1, at: 10_800, of: 1_700, 1), call(4, at: 11_000), ContextRecords.event(3, at: 12_000),
        end(4, at: 12_200, of: 11_000), end(0, at: 12_345, of: 0),
    ]

    private static func graph(
        _ records: [EventRecord], columns: OutputColumns = [], coloured: Bool = false
    ) -> String {
        ContextRecords.rendered(
            records.map { (1, $0) },
            GraphRenderer(names: names, columns: columns, coloured: coloured), names: names, rules: rules,
            limits: waiting
        ).text
    }

    @Test func aTreeOfCalls() {
        #expect(
            Self.graph(Self.packet) == """
                <------------------- skb: ffff88818f02f900 ---------------------->
                463697.331957 cpu 3, interrupt
                                           # ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7
                     +0.000     12.345 µs  ip_rcv = 0 (NET_RX_SUCCESS)
                     +1.700      9.100 µs  ├ nf_hook_slow = 1 (go on)
                     +2.100      8.000 µs  │ └ nft_do_chain = 1 (NF_ACCEPT)
                    +11.000      1.200 µs  └ ip_forward
                    +12.000                  └ skb:consume_skb
                = consumed after ip_forward, 12.000 µs


                """)
    }

    @Test func aPacketThatChangesIsShownAgain() {
        var changed = Self.call(1, at: 10)
        changed.packet = ipv4(17, udp(53, [1, 2]))
        let text = Self.graph([Self.call(0, at: 0), changed, Self.end(1, at: 20, of: 10), Self.end(0, at: 30, of: 0)])
        #expect(
            text.contains(
                """
                     +0.000      0.030 µs  ip_rcv = 0 (NET_RX_SUCCESS)
                                           # UDP: 10.0.0.1:5000 -> 10.0.0.2:53, len: 2
                     +0.010      0.010 µs  └ nf_hook_slow = 0 (taken)
                """))
        #expect(text.count(of: " # ") == 2)
    }

    @Test func whatIsMissingIsShownAsMissing() {
        let text = Self.graph([Self.call(0, at: 0), Self.end(1, at: 20, of: 7, -12)])
        #expect(text.contains("     +0.000          ? µs  ip_rcv\n"))
        #expect(text.contains("     +0.020      0.013 µs  nf_hook_slow = -12 (ENOMEM)\n"))
    }

    @Test func skbsAndColumnsAndColours() {
        let records = [
            Self.call(0, at: 0), Self.call(1, at: 5, skb: 0xffff_8881_8f02_fb00),
            Self.end(1, at: 6, of: 5, skb: 0xffff_8881_8f02_fb00), Self.end(0, at: 9, of: 0),
        ]
        let text = Self.graph(records, columns: [.cpu, .module])
        #expect(text.contains("     +0.000      0.009 µs f900 ip_rcv = 0 (NET_RX_SUCCESS) [cpu:3] [ip-in]\n"))
        #expect(text.contains("     +0.005      0.001 µs fb00 └ nf_hook_slow = 0 (taken) [cpu:3] [nf-hooks]\n"))
        var tracked = Self.call(0, at: 0)
        tracked.conntrack = nt_ct()
        #expect(
            Self.graph([tracked], columns: [.cpu, .container, .socket, .conntrack])
                .contains(" ip_rcv [cpu:3] [-] [-] [ct:none]\n"))
        #expect(Self.graph(records, coloured: true).contains("\u{1b}[36mip_rcv\u{1b}[0m = \u{1b}[33m0 (NET_RX"))
    }

    @Test func treesOfOtherCPUsAreNamedByTheirPlace() {
        var other = Self.call(1, at: 50)
        other.flags &= ~NT_EVENT_INTERRUPT
        other.task = (42, Array("ping".utf8))
        let text = Self.graph([Self.call(0, at: 0), Self.end(0, at: 10, of: 0), other])
        #expect(text.contains("\n463697.331957 cpu 3, ping (pid 42)\n     +0.050          ? µs  nf_hook_slow\n"))
    }

    @Test func eventsOfNoPacketAreLines() {
        let renderer = GraphRenderer(names: Self.names)
        let (text, _) = ContextRecords.rendered(
            [(0, Self.end(0, at: 10, of: 0))], renderer, names: Self.names, rules: Self.rules,
            limits: Self.waiting)
        #expect(text.hasPrefix("463697.331957: [ip_rcv         ]: returned 0 (NET_RX_SUCCESS) after 0.010 µs, ICMP"))
    }

    @Test func theTimelineTellsReturnsWithTheirCalls() {
        let records = Self.packet + [Self.call(0, at: 20_000), Self.end(1, at: 20_100, of: 99, 1)]
        let (text, account) = ContextRecords.rendered(
            records.map { (1, $0) },
            TimelineRenderer(names: Self.names, columns: .returns, tracerWidth: 0),
            names: Self.names, rules: Self.rules, limits: Self.waiting)
        let packet = "ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7"
        #expect(
            text.hasPrefix(
                """
                <------------------- skb: ffff88818f02f900 ---------------------->
                     +0.000 463697.331957: [ip_rcv]: \(packet), returned 0 (NET_RX_SUCCESS) after 12.345 µs
                     +1.700 463697.331958: [nf_hook_slow]: \(packet), returned 1 (go on) after 9.100 µs
                     +0.400 463697.331959: [nft_do_chain]: \(packet), returned 1 (NF_ACCEPT) after 8.000 µs
                     +8.900 463697.331968: [ip_forward]: \(packet), returned after 1.200 µs
                     +1.000 463697.331969: [skb:consume_skb]: \(packet)
                     +8.000 463697.331977: [ip_rcv]: \(packet), no return seen
                     +0.100 463697.331977: [nf_hook_slow]: returned 1 (go on) after 20.001 µs, \(packet)
                =
                """))
        #expect(account == (1, 11, 0))
    }

    @Test func withoutAskingNothingIsSaidOfMissingReturns() {
        let (text, _) = ContextRecords.rendered(
            [(1, Self.call(0, at: 0))], TimelineRenderer(names: Self.names), names: Self.names, rules: Self.rules)
        #expect(!text.contains("return"))
    }

    @Test func jsonOfTrees() throws {
        let validator = try SchemaValidator()
        for nested in [false, true] {
            let (text, _) = ContextRecords.rendered(
                Self.packet.map { (1, $0) },
                TimelineJSONRenderer(names: Self.names, nested: nested), names: Self.names, rules: Self.rules,
                limits: Self.waiting)
            #expect(validator.problems(String(text.dropLast())) == [])
            let value = try JSONValue.parse(String(text.dropLast()))
            guard case .array(let events)? = value["events"] else {
                Issue.record("no events")
                continue
            }
            #expect(
                events.map { $0["tracer"] }
                    == ["ip_rcv", "nf_hook_slow", "nft_do_chain", "ip_forward", "skb:consume_skb"].map { .string($0) })
            #expect(
                events.map { $0["ret"]?["ns"] } == [12_345, 9_100, 8_000, 1_200, nil].map { $0.map { .number($0) } })
            #expect(
                events.map { $0["depth"] } == (nested ? [0, 1, 2, 1, 2].map { .number($0) } : events.map { _ in nil }))
            #expect(
                events.map { $0["parent"] }
                    == (nested ? [nil, 0, 1, 0, 3].map { $0.map { .number($0) } } : events.map { _ in nil }))
        }
    }
}
