import CNettraceBPF
import Rendering
import Testing

/// The text of a traced BPF program's run.
@Suite struct RunTests {
    private func record(_ packet: [UInt8], _ change: (inout nt_run) -> Void) -> EventRecord {
        var run = nt_run()
        run.program.id = 31
        run.program.type = 6
        run.program.tag = UInt64(0x0011_2233_4455_6677).bigEndian
        withUnsafeMutableBytes(of: &run.program.name) { $0.copyBytes(from: "steer".utf8) }
        (run.verdict, run.len, run.protocol) = (2, 98, 0x0800)
        run.entered = 463_697_331_957_123 - 1_234
        withUnsafeMutableBytes(of: &run.after.data) { bytes in
            bytes.copyBytes(from: [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0] + packet)
        }
        run.after.caplen = UInt16(packet.count)
        change(&run)
        return EventRecord(
            skb: 0, flags: NT_EVENT_L2, length: 98, packet: ipv4(17, udp(53, [])), run: run)
    }

    private func end(_ record: EventRecord) -> Substring {
        let text = line(record)
        return text[(text.firstRange(of: ", steer")?.lowerBound ?? text.endIndex)...]
    }

    @Test func whatHasNotChangedIsNotTold() {
        let same = record(ipv4(17, udp(53, []))) { _ in }
        #expect(end(same) == ", steer (id 31): XDP_PASS after 1.234 µs")
        #expect(
            json(same).contains(
                #""program":{"id":31,"name":"steer","type":"xdp","tag":"0011223344556677"},"verdict":"XDP_PASS","#
                    + #""run":{"value":2,"ns":1234,"len":98}"#))
    }

    @Test func anotherPortAndItsPacket() {
        let steered = record(ipv4(17, udp(54, []))) { _ in }
        #expect(end(steered).contains(" µs, changed dport: UDP: 10.0.0.1:5000 -> 10.0.0.2:54"))
        #expect(json(steered).contains(#""changed":["dport"],"after":{"eth":"#))
    }

    @Test func aTunnelIsAnotherProtocol() {
        let wrapped = record(ipv4(4, ipv4(17, udp(53, [])))) {
            ($0.len, $0.front, $0.flags) = (118, 20, UInt16(NT_RUN_FRONT))
        }
        #expect(end(wrapped).contains(", len 98 -> 118 (+20 in front), changed protocols: "))
        #expect(json(wrapped).contains(#""len":118,"front":20,"behind":0,"changed":["protocols"]"#))
    }

    @Test func bytesOfBothEnds() {
        let cut = record(ipv4(17, udp(53, []))) {
            ($0.len, $0.front, $0.flags) = (80, -14, UInt16(NT_RUN_FRONT))
        }
        #expect(end(cut).contains(", len 98 -> 80 (-14 in front, -4 behind)"))
        let moved = record(ipv4(17, udp(53, []))) { $0.len = 80 }
        #expect(end(moved).hasSuffix(", len 98 -> 80"))
    }

    @Test func aLostPacketHasNoAfterwards() {
        let dropped = record(ipv4(17, udp(54, []))) { $0.verdict = 1 }
        #expect(end(dropped) == ", steer (id 31): XDP_DROP after 1.234 µs")
        #expect(json(dropped).contains(#""changed":["dport"]"#))
    }

    @Test func numbersWithoutANameAndOtherFamilies() {
        #expect(end(record(ipv4(17, udp(53, []))) { $0.verdict = 77 }).contains(": 77 after"))
        let shot = record(ipv4(17, udp(53, []))) { ($0.verdict, $0.program.type) = (2, 3) }
        #expect(end(shot).contains(": TC_ACT_SHOT after"))
        #expect(json(shot).contains(#""type":"tc""#))
    }

    @Test func whereARedirectLeads() {
        let device = record(ipv4(17, udp(53, []))) {
            ($0.verdict, $0.target, $0.flags) = (4, 5, UInt16(NT_RUN_TARGET))
        }
        #expect(end(device).contains(": XDP_REDIRECT after 1.234 µs, to ifindex 5"))
        let map = record(ipv4(17, udp(53, []))) {
            ($0.verdict, $0.map, $0.target, $0.flags) = (4, 12, 3, UInt16(NT_RUN_TARGET))
        }
        #expect(end(map).contains(", to map 12 key 3"))
        #expect(json(map).contains(#""map":12,"key":3"#))
    }

    @Test func theSchemaKnowsAllOfIt() throws {
        let validator = try SchemaValidator()
        let wrapped = record(ipv4(4, ipv4(17, udp(53, [])))) {
            ($0.len, $0.front, $0.mark, $0.map) = (118, 20, 7, 12)
            $0.flags = UInt16(NT_RUN_FRONT | NT_RUN_MARK | NT_RUN_TARGET)
        }
        #expect(validator.problems(json(wrapped)) == [])
    }
}
