import CNettraceBPF
import Rendering
import Testing
import Text

@Suite struct JSONTests {
    @Test func everyKeyOfAPing() {
        let record = EventRecord(
            flags: NT_EVENT_L2, packet: ipv4(1, echoRequest), device: (4_026_531_840, 2, Array("eth0".utf8)),
            task: (1234, Array("ping".utf8)),
            meta: nt_meta(mark: 0, hash: 1, priority: 2, skb_iif: 3, data_len: 4, queue: 0, gso_size: 6))
        #expect(
            json(record)
                == #"{"type":"event","ts":463697331957123,"time":"2026-11-21T03:12:45.123456789Z","tracer":"ip_rcv","#
                + #""module":"ip-in","skb":"0xffff88818f02f900","cpu":3,"pid":1234,"tid":1234,"comm":"ping","#
                + #""netns":4026531840,"ifindex":2,"ifname":"eth0","len":84,"#
                + #""eth":{"src":"02:00:00:00:00:02","dst":"02:00:00:00:00:01","type":"0x0800"},"#
                + #""l3":"ip","l4":"icmp","saddr":"10.0.0.1","daddr":"10.0.0.2","ttl":64,"tos":0,"#
                + #""icmp":{"type":8,"code":0,"text":"ping request","id":4660,"seq":7},"#
                + #""mark":0,"hash":1,"queue":0,"priority":2,"iif":3,"data_len":4,"gso_size":6}"#)
    }

    @Test func tcpDrop() {
        let record = EventRecord(
            flags: NT_EVENT_DROP | NT_EVENT_REASON | NT_EVENT_FREE, location: 0xffff_ffff_8100_01a3, reason: 3,
            packet: ipv4(6, tcp(0)))
        #expect(
            json(record).hasSuffix(
                #""sport":443,"dport":51234,"ttl":64,"tos":0,"#
                    + #""tcp":{"flags":"","seq":1,"ack":2,"win":512,"len":0},"free":true,"#
                    + #""drop":{"reason":"NO_SOCKET","location":"tcp_v4_rcv+0x1a3"}}"#))
    }

    @Test func bystandersAndDevicesThatAreNotThere() {
        let record = EventRecord(
            flags: NT_EVENT_INTERRUPT, packet: ipv4(1, echoRequest), device: (1, 0, []),
            task: (99, Array("bystander".utf8)))
        let text = json(record)
        #expect(text.contains(#""cpu":3,"irq":true,"netns":1,"ifindex":0,"len":84,"#))
        #expect(!text.contains("bystander") && !text.contains("ifname") && !text.contains("mark"))
    }

    @Test func socketTupleHasAddressesOnly() {
        let record = EventRecord(
            skb: 0, flags: NT_EVENT_SOCK_TUPLE, length: 0, packet: ipv4(6, tcp(0)))
        #expect(
            json(record).hasSuffix(
                #""cpu":3,"len":0,"socket":true,"l3":"ip","l4":"tcp","saddr":"10.0.0.1","daddr":"10.0.0.2","#
                    + #""sport":443,"dport":51234}"#))
    }

    @Test func innerPacketOfAnError() {
        let record = EventRecord(packet: ipv4(1, [3, 3, 0, 0, 0, 0, 0, 0] + ipv4(17, udp(53, []))))
        #expect(
            json(record).hasSuffix(
                #""inner":{"via":"icmp","l3":"ip","l4":"udp","saddr":"10.0.0.1","daddr":"10.0.0.2","#
                    + #""sport":5000,"dport":53,"ttl":64,"tos":0,"udp":{"len":0}}}"#))
    }

    @Test func hostileNamesStayStrings() throws {
        var record = EventRecord(hook: 2, packet: ipv4(1, echoRequest))
        record.task = (1, [0x22, 0x2c, 0x1b, 0xff])
        let value = try JSONValue.parse(json(record))
        #expect(value["comm"] == .string("\",\u{1b}\\xff"))
        #expect(value["tracer"] == .string("evil\u{1b}[31m\""))
        #expect(json(record).utf8.allSatisfy { (0x20..<0x7f).contains($0) })
    }

    @Test func linesKeepToTheSchema() throws {
        let validator = try SchemaValidator()
        for packet in PacketCorpus.packets {
            let record = EventRecord(
                flags: NT_EVENT_L2 | NT_EVENT_VLAN | NT_EVENT_DROP | NT_EVENT_REASON | NT_EVENT_FREE,
                etherType: packet.etherType, location: 1, vlanTCI: 0xf123, packet: packet.bytes,
                device: (1, 2, [0xff]), task: (1, []), meta: nt_meta())
            #expect(validator.problems(json(record)) == [])
        }
        #expect(validator.problems(json(EventRecord(hook: 9999, flags: NT_EVENT_INTERRUPT))) == [])
        #expect(validator.problems(json(EventRecord(flags: NT_EVENT_SOCK_TUPLE, packet: ipv4(6, tcp(0))))) == [])
        var buffer = ByteBuffer()
        RunSummary(
            matched: 1, delivered: 0, lost: 1, attached: 1, skipped: 0, losses: [.init(tracer: "a", lost: 1)]
        ).renderJSON(into: &buffer)
        #expect(validator.problems(text(buffer)) == [])
    }

    @Test func theValidatorSeesWhatIsWrong() throws {
        let validator = try SchemaValidator()
        #expect(validator.problems(#"{"type":"summary"}"#).count == 6)
        let line = json(EventRecord(packet: ipv4(1, echoRequest)))
        #expect(!validator.problems(line.replacing(#""cpu":3"#, with: #""cpu":"3""#)).isEmpty)
        #expect(!validator.problems(line.replacing(#""cpu":3"#, with: #""cpus":3"#)).isEmpty)
        #expect(!validator.problems(line.replacing(#""seq":7"#, with: #""seq":70000"#)).isEmpty)
    }
}
