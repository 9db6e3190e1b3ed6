import Analysis
import CNettraceBPF
import Rendering
import Testing

@Suite struct TimelineJSONTests {
    private typealias Records = ContextRecords

    private func json(
        _ records: [EventRecord], limits: ContextTracker.Limits = .init(), advancingTo now: UInt64? = nil
    ) -> String {
        Records.rendered(
            records.map { (9, $0) }, TimelineJSONRenderer(names: Records.names), limits: limits,
            advancingTo: now
        ).text
    }

    @Test func everyKey() {
        var sent = Records.event(1, at: 2000, skb: 0xb)
        sent.device = (1, 2, Array("eth1".utf8))
        let text = json([Records.event(5, at: 0), sent, Records.event(3, at: 2500, skb: 0xb), Records.drop(at: 3000)])
        #expect(
            text.hasPrefix(
                #"{"type":"context","ctx":"0x0000000000000009","skbs":["0xffff88818f02f900","0x000000000000000b"],"#
                    + #""end":{"how":"dropped","reason":"NO_SOCKET","location":"tcp_v4_rcv+0x1a3","also":"#
                    + #"[{"how":"transmitted","netns":1,"ifindex":2,"ifname":"eth1","skbs":1}]},"total_ns":3000,"#
                    + #""events":[{"type":"event","ts":463697331957123,"#))
        #expect(text.hasSuffix("}]}\n") && text.count(of: "\n") == 1)
        #expect(text.count(of: #"{"type":"event""#) == 4)
    }

    @Test func everyEndKeepsToTheSchema() throws {
        let validator = try SchemaValidator()
        var read = Records.event(2, at: 10)
        read.task = (1234, [0xff])
        let cases: [[EventRecord]] = [
            [Records.event(0, at: 0), read, Records.event(0, at: 11, skb: 0xb)],
            [Records.event(0, at: 0), read, Records.event(3, at: 11)],
            [Records.event(1, at: 0), Records.event(3, at: 1)],
            [Records.event(1, at: 0), Records.event(3, at: 1), Records.drop(at: 2, skb: 0x10)],
            [Records.drop(at: 2)], [Records.event(0, at: 0), Records.event(3, at: 1)],
            [Records.event(3, at: 0, skb: 0)],
            [Records.event(99, at: 0)], [Records.event(99, at: 0), Records.event(3, at: 1)],
            (0..<100).map { Records.event(0, at: 0, skb: 100 + $0) },
        ]
        for records in cases {
            #expect(validator.problems(json(records)) == [])
            #expect(validator.problems(json(records, advancingTo: .max)) == [])
            #expect(validator.problems(json(records, limits: .init(eventsPerContext: 1))) == [])
        }
        #expect(json(cases[9]).contains(#""more_skbs":true"#))
        #expect(json(cases[0], advancingTo: .max).contains(#""end":{"how":"unfinished","cause":"timeout","#))
        let evicted = Records.rendered(
            [(1, Records.event(0, at: 0)), (2, Records.event(0, at: 0))],
            TimelineJSONRenderer(names: Records.names), limits: .init(contexts: 1)
        ).text.split(separator: "\n")
        #expect(evicted.count == 2 && evicted[0].contains(#""end":{"how":"evicted","tracer":"ip_rcv"}"#))
        for line in evicted { #expect(validator.problems(String(line)) == []) }
    }

    @Test func theSchemaSeesWhatIsWrong() throws {
        let validator = try SchemaValidator()
        let text = json([Records.event(0, at: 0)])
        #expect(!validator.problems(text.replacing(#""how":"unfinished""#, with: #""how":"alive""#)).isEmpty)
        #expect(!validator.problems(text.replacing(#""cpu":3"#, with: #""cpu":"3""#)).isEmpty)
        #expect(!validator.problems(text.replacing(#""total_ns":0"#, with: #""total":0"#)).isEmpty)
    }

    @Test func eventsOfNoPacketAreEvents() throws {
        let (text, _) = Records.rendered(
            [(0, Records.event(0, at: 0))], TimelineJSONRenderer(names: Records.names))
        #expect(text.hasPrefix(#"{"type":"event","#))
        #expect(try SchemaValidator().problems(text) == [])
    }
}
