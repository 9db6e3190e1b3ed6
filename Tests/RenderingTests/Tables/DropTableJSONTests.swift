import Analysis
import CNettraceBPF
import Events
import Rendering
import Testing
import Text

@Suite struct DropTableJSONTests {
    private func render(
        _ block: DropBlock, by dimensions: [DropDimension] = [.reason, .location, .device], limit: Int? = nil
    ) -> String {
        var buffer = ByteBuffer()
        var json = DropTableJSON(names: DropTableTests.names, dimensions: dimensions, limit: limit)
        json.render(block, at: DropTableTests.time, into: &buffer)
        return text(buffer)
    }

    private let flow = DropTableTests.key { raw in
        raw.protocol = 0x0800
        raw.l4 = 6
        withUnsafeMutableBytes(of: &raw.saddr) { $0.copyBytes(from: [10, 0, 0, 1]) }
        withUnsafeMutableBytes(of: &raw.daddr) { $0.copyBytes(from: [10, 0, 0, 2]) }
        raw.sport = UInt16(1024).bigEndian
        raw.dport = UInt16(443).bigEndian
        raw.netns = 4_026_531_833
    }

    @Test func aBlock() {
        let block = DropTableTests.block(
            [(DropTableTests.key(), 30), (DropTableTests.key(reason: 13, location: 0x2000), 2)], other: 1, seconds: 2)
        #expect(
            render(block)
                == #"{"type":"drops","time":"2026-11-21T00:00:00.000000000Z","interval":2.000,"total":33,"bytes":3300,"#
                + #""rate":16.5,"since_start":33,"rows":["#
                + #"{"reason":"NO_SOCKET","location":"udp_unicast_rcv_skb.isra.0+0x75","group":"udp-in","#
                + #""device":"eth0","count":30,"bytes":3000,"rate":15.0,"since_start":30},"#
                + #"{"reason":"OTHERHOST","normal":true,"location":"ip_rcv_core+0x10 [mod]","device":"eth0","#
                + #""count":2,"bytes":200,"rate":1.0,"since_start":2}],"other":1}"# + "\n")
    }

    @Test func aFlow() {
        #expect(
            render(DropTableTests.block([(flow, 1)]), by: [.saddr, .daddr, .sport, .dport, .proto, .netns])
                .contains(
                    #""netns":4026531833,"l3":"ip","l4":"tcp","saddr":"10.0.0.1","daddr":"10.0.0.2","sport":1024,"dport":443,"#
                ))
    }

    @Test func rowsBeyondTheLimitAreCounted() {
        let rows = (1...5).map { (DropTableTests.key(device: "d\($0)"), UInt64($0)) }
        let line = render(DropTableTests.block(rows), limit: 2)
        #expect(line.contains(#""total":15,"#))
        #expect(line.hasSuffix(#"],"more_rows":3,"more":6,"other":0}"# + "\n"))
    }

    @Test func everyLineKeepsToTheSchema() throws {
        let validator = try SchemaValidator()
        let strange = DropTableTests.key(reason: 0xffff_0007, location: 0x77, device: "\u{1b}é") {
            $0.protocol = 0x1234
            $0.l4 = 255
        }
        let all = DropDimension.allCases
        var whole = DropLedger()
        whole.add(DropSum(packets: .max, bytes: .max), to: flow)
        for line in [
            render(DropTableTests.block([])),
            render(DropTableTests.block([(flow, 3), (strange, 1)], other: 9), by: all),
            render(DropTableTests.block([(flow, 3), (strange, 1)]), by: all, limit: 1),
            render(DropTableTests.block([(flow, 1)], seconds: 0), by: all),
            render(whole.finish(seconds: 0.001), by: all),
        ] {
            #expect(validator.problems(line) == [])
        }
    }
}
