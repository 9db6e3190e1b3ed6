import Analysis
import CNettraceBPF
import Pipeline
import Rendering
import Testing
import Text

@Suite struct TimelineTests {
    private typealias Records = ContextRecords

    @Test func theBlockOfTheManual() {
        let names = Records.names
        let (text, _) = Records.rendered(
            [Records.event(0, at: 0), Records.event(5, at: 15_120), Records.event(3, at: 1_234_567_890)].map {
                (1, $0)
            },
            TimelineRenderer(names: names, tracerWidth: 12))
        #expect(
            text == """
                <------------------- skb: ffff88818f02f900 ---------------------->
                     +0.000 463697.331957: [ip_rcv      ]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7
                    +15.120 463697.331972: [ip_forward  ]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7
                +1234552.770 463698.566525: [skb:consume_skb]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7
                = consumed after ip_forward, 1234567.890 µs


                """)
    }

    @Test func severalSkbsAreToldApartByTheirLastDigits() {
        var device = Records.event(1, at: 2000, skb: 0xffff_8881_8f02_fb00)
        device.device = (1, 2, Array("eth1".utf8))
        let socket = Records.event(5, at: 500, skb: 0)
        let text = Records.timeline([
            Records.event(5, at: 0), socket, device, Records.event(3, at: 2500, skb: 0xffff_8881_8f02_fb00),
            Records.event(3, at: 152_310),
        ])
        #expect(
            text == """
                <------------------- skb: ffff88818f02f900 ---------------------->
                     +0.000 f900 463697.331957: [ip_forward]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7
                     +0.500    - 463697.331957: [ip_forward]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7
                     +1.500 fb00 463697.331959: [dev_hard_start_xmit]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7
                     +0.500 fb00 463697.331959: [skb:consume_skb]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7
                   +149.810 f900 463697.332109: [skb:consume_skb]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7
                = transmitted on eth1, 152.310 µs, 2 skbs


                """)
    }

    @Test func asManyDigitsAsAreNeeded() {
        let text = Records.timeline([
            Records.event(0, at: 0, skb: 0xffff_0001_2345), Records.event(0, at: 1, skb: 0xffff_0002_2345),
        ])
        #expect(text.contains("+0.000 12345 ") && text.contains("+0.001 22345 "))
        let far = Records.timeline([Records.event(0, at: 0, skb: 1), Records.event(0, at: 1, skb: 1 << 63 | 1)])
        #expect(far.contains("+0.000 0000000000000001 ") && far.contains("+0.001 8000000000000001 "))
    }

    @Test func everyEnding() {
        var read = Records.event(2, at: 10)
        read.task = (1234, [0x1b, 0x6e, 0x63])
        #expect(
            Records.ending([Records.event(0, at: 0), read]).contains(
                #"= delivered to socket of \x1bnc (pid 1234), 0.010 µs"#))
        #expect(
            Records.ending([Records.event(0, at: 0), read, Records.event(0, at: 11, skb: 0xb)]).contains(
                #"= unfinished (the run ended), last at ip_rcv, delivered to socket of \x1bnc (pid 1234), 0.011 µs"#))
        #expect(
            Records.ending([Records.event(0, at: 0), Records.event(2, at: 1), Records.event(3, at: 2)])
                == "= delivered to socket, 0.002 µs")
        #expect(
            Records.ending([Records.event(1, at: 0), Records.event(3, at: 1)]) == "= transmitted, 0.001 µs")
        #expect(
            Records.ending([Records.event(0, at: 0), Records.drop(at: 1)])
                == "= dropped, reason: NO_SOCKET, at tcp_v4_rcv+0x1a3, 0.001 µs")
        #expect(
            Records.ending([Records.event(0, at: 0)]) == "= unfinished (the run ended), last at ip_rcv, 0.000 µs")
        #expect(
            Records.ending(
                [Records.event(0, at: 0), Records.event(0, at: 1), Records.event(0, at: 2)],
                limits: .init(eventsPerContext: 1))
                == "= unfinished (the run ended), last at ip_rcv, 0.000 µs, 2 more events not kept")
        #expect(Records.ending([Records.event(3, at: 0, skb: 0)]) == "= ended, last at skb:consume_skb, 0.000 µs")
        #expect(Records.ending([Records.event(99, at: 0)]).contains("last at hook 99"))
    }

    @Test func silenceAndEviction() {
        let renderer = TimelineRenderer(names: Records.names)
        let (text, _) = Records.rendered(
            [(1, Records.event(0, at: 0)), (2, Records.event(0, at: 0))], renderer, limits: .init(contexts: 1),
            advancingTo: .max)
        #expect(text.contains("= evicted (too many packets at a time), last at ip_rcv, 0.000 µs\n\n"))
        #expect(text.contains("= unfinished (no end seen), last at ip_rcv, 0.000 µs\n\n"))
    }

    @Test func differentEndsAreAllTold() {
        let text = Records.ending([
            Records.event(1, at: 0), Records.event(3, at: 1), Records.drop(at: 2, skb: 0x10),
        ])
        #expect(
            text == "= transmitted, 1 of 2 skbs dropped, reason: NO_SOCKET, at tcp_v4_rcv+0x1a3, 0.002 µs, 2 skbs")
    }

    @Test func colours() {
        let text = Records.timeline([Records.event(0, at: 0), Records.drop(at: 1)], coloured: true)
        #expect(text.hasPrefix("\u{1b}[1m<---") && text.contains("--->\u{1b}[0m\n\u{1b}[2m     +0.000 \u{1b}[0m463697"))
        #expect(text.contains("= \u{1b}[1;31mdropped\u{1b}[0m, reason"))
    }

    @Test func theFilterAndTheLimitCountWhatTheyLeaveOut() {
        let records: [(UInt64, EventRecord)] = (1...6).flatMap { packet in
            [(packet, Records.event(0, at: 0)), (packet, Records.event(3, at: packet * 1000))]
        }
        let renderer = TimelineRenderer(names: Records.names)
        let (text, account) = Records.rendered(records, renderer, minimumLatency: 3000, limit: 2)
        #expect(account == (2, 4, 8))
        #expect(text.contains(" 3.000 µs\n") && text.contains(" 4.000 µs\n"))
        #expect(text.count(of: "skb: ") == 2)
    }

    @Test func eventsOfNoPacketAreLinesOfTheirOwn() {
        let renderer = TimelineRenderer(names: Records.names, tracerWidth: 0)
        let (text, account) = Records.rendered([(0, Records.event(0, at: 0))], renderer)
        #expect(text == "463697.331957: [ip_rcv]: ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7\n\n")
        #expect(account == (0, 1, 0))
        let (nothing, left) = Records.rendered([(0, Records.event(0, at: 0))], renderer, minimumLatency: 1)
        #expect(nothing.isEmpty && left == (0, 0, 1))
    }

    @Test(arguments: [
        (0, 0, ""),
        (
            1, 0,
            "packets: 1 packet shown before the end, since too many were alive at the same time "
                + "(--max-packets, --max-memory)\n"
        ),
        (0, 1, "packets: 1 event not kept, since a packet had too many (--max-packet-events)\n"),
        (
            2, 3,
            "packets: 2 packets shown before the end, since too many were alive at the same time "
                + "(--max-packets, --max-memory); 3 events not kept, since a packet had too many (--max-packet-events)\n"
        ),
    ])
    func whatTheLimitsCost(_ evicted: UInt64, _ truncated: UInt64, _ expected: String) {
        var counters = ContextTracker.Counters()
        counters.evictedContexts = evicted
        counters.truncatedEvents = truncated
        var buffer = ByteBuffer()
        counters.renderLosses(into: &buffer)
        #expect(text(buffer) == expected)
    }

    @Test func recordsThatAreTooShort() {
        var stream = ContextStream(
            TimelineRenderer(names: Records.names), releases: { _ in .never }, rules: Records.rules,
            tracker: ContextTracker())
        var buffer = ByteBuffer()
        stream.accept(RawSpan(), into: &buffer)
        #expect(buffer.isEmpty && stream.account.suppressedEvents == 1)
    }
}

extension String {
    func count(of part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count - 1
    }
}
