import CNettraceBPF
import Rendering
import Testing
import Text

@Suite struct LineTests {
    private let ping = EventRecord(packet: ipv4(1, echoRequest))

    @Test func theLineOfTheManual() {
        #expect(
            line(ping, width: nil)
                == "463697.331957: [ip_rcv                  ]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7")
        var longest = ping
        longest.hook = 1
        #expect(
            line(longest, width: nil)
                == "463697.331957: [__netif_receive_skb_core]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7")
    }

    @Test func wallClock() {
        let text = line(ping, time: .utcDate)
        #expect(text.hasPrefix("2026-11-21 03:12:45.123456: [ip_rcv]: ICMP"))
    }

    /// The zone of the machine is unknown here: date and hour may differ.
    @Test func localWallClock() throws {
        let text = line(ping, time: .localDate)
        #expect(try /^2026-11-2[012] \d\d:\d\d:45\.123456: \[ip_rcv\]: ICMP/.firstMatch(in: text) != nil)
    }

    @Test func timeBeforeTheEpoch() {
        var early = ping
        early.timestamp = UInt64(bitPattern: -1_795_230_765_123_456_789 + 463_697_331_957_123 - 1)
        #expect(line(early, time: .utcDate).hasPrefix("1969-12-31 23:59:59.999999: "))
    }

    @Test(arguments: [0, 1, .max, 1 << 63, 1 << 63 - 1] as [UInt64])
    func anyTimestampIsSafe(_ timestamp: UInt64) {
        var event = ping
        event.timestamp = timestamp
        #expect(line(event, time: .utcDate).contains("[ip_rcv]"))
        #expect(line(event).hasPrefix("\(timestamp / 1_000_000_000)."))
        #expect(json(event).contains("\"ts\":\(timestamp),"))
    }

    @Test func everyColumn() {
        let record = EventRecord(
            flags: NT_EVENT_L2, packet: ipv4(1, echoRequest), device: (4_026_531_840, 2, Array("eth0".utf8)),
            task: (1234, Array("ping".utf8)),
            meta: nt_meta(mark: 0x10, hash: 0xabc, priority: 6, skb_iif: 0, data_len: 0, queue: 0, gso_size: 0))
        #expect(
            line(record, columns: .all)
                == "463697.331957: [ip_rcv]: [ffff88818f02f900] [cpu:3] [ping:1234] [2:eth0] [netns:4026531840] "
                + "[ip-in] [len:84] [mark:0x10] [hash:0xabc] [queue:0] [prio:0x6] [iif:0] [gso:0] "
                + "[02:00:00:00:00:02>02:00:00:00:00:01] [-] ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7")
    }

    @Test func columnsWithoutValueStandAsDash() {
        var record = ping
        record.skb = 0
        record.device = (1, 0, [])
        #expect(
            line(record, columns: [.id, .pid, .interface, .mark, .mac])
                == "463697.331957: [ip_rcv]: [-] [-] [-] [-] [-] ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7")
    }

    @Test(arguments: [
        ("ip_rcv+0x31", true), ("arch_rethook_trampoline+0x0", false), ("return_to_handler+0x0", false),
        ("__kretprobe_trampoline+0x0", false), ("kretprobe_trampoline+0x0", false),
    ])
    func aReturnProbeIsNoCaller(_ symbol: String, _ isCaller: Bool) {
        let names = NameTable(hooks: [.init(tracer: "ip_rcv", module: "ip-in")], symbolize: { _ in symbol })
        var lines = LineRenderer(names: names, columns: .caller)
        var objects = JSONRenderer(names: names)
        var record = ping
        record.caller = 0xffff_ffff_8100_0000
        #expect(rendered(record) { lines.render($0, into: &$1) }.hasSuffix(" <- " + symbol) == isCaller)
        #expect(rendered(record) { objects.render($0, into: &$1) }.contains("\"caller\"") == isCaller)
    }

    @Test func bystandersAreNotNamed() {
        var record = ping
        record.flags = NT_EVENT_INTERRUPT
        record.task = (99, Array("bystander".utf8))
        let text = line(record, columns: .pid)
        #expect(text.contains("]: [irq] ICMP"))
        #expect(!text.contains("bystander"))
    }

    @Test func hostileNamesAreEscaped() {
        var record = ping
        record.hook = 2
        record.task = (1, [0x1b, 0x5b, 0x32, 0x4a, 0x0a, 0xff, 0x5c])
        #expect(
            line(record, columns: .pid)
                == #"463697.331957: [evil\x1b[31m"]: [\x1b[2J\x0a\xff\\:1] "#
                + "ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7")
    }

    @Test func drops() {
        var record = ping
        record.flags = NT_EVENT_DROP | NT_EVENT_REASON
        record.reason = 3
        record.location = 0xffff_ffff_8100_01a3
        #expect(line(record).hasSuffix(", seq: 7 *drop* reason: NO_SOCKET, at tcp_v4_rcv+0x1a3"))
        record.reason = 0x10001
        record.location = 0xffff_ffff_0000_0000
        #expect(line(record).hasSuffix(" *drop* reason: RX_DROP_U_REPLAY, at 0xffffffff00000000"))
        record.reason = 4242
        record.location = 0
        #expect(line(record).hasSuffix(" *drop* reason: 4242"))
        record.flags = NT_EVENT_DROP
        #expect(line(record).hasSuffix(", seq: 7 *drop*"))
    }

    @Test func consumedIsNoDrop() {
        var record = ping
        record.flags = NT_EVENT_DROP | NT_EVENT_REASON
        record.reason = 1
        #expect(line(record).hasSuffix(", seq: 7"))
        #expect(!json(record).contains("drop"))
    }

    @Test func colours() {
        var record = ping
        record.flags = NT_EVENT_DROP
        #expect(
            line(record, width: 8, coloured: true)
                == "463697.331957: [\u{1b}[36mip_rcv\u{1b}[0m  ]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7 "
                + "\u{1b}[1;31m*drop*\u{1b}[0m")
    }

    @Test func recordsWithoutPacketOrHook() {
        var record = EventRecord(hook: 500)
        #expect(line(record) == "463697.331957: [hook 500]: skb: ffff88818f02f900, IP, len: 84")
        record.skb = 0
        #expect(line(record) == "463697.331957: [hook 500]: no packet")
    }
}
