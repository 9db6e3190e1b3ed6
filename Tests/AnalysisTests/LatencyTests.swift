import Analysis
import CNettraceBPF
import Testing

@Suite struct LatencyTests {
    @Test func bucketsArePowersOfTwoOfMicroseconds() {
        var histogram = LatencyHistogram()
        for microseconds in [1, 2, 3, 4, 7, 8] as [UInt64] { histogram.record(microseconds * 1000) }
        histogram.record(1999)
        #expect(
            histogram.buckets == [
                .init(lower: 1, upper: 2, count: 2), .init(lower: 2, upper: 4, count: 2),
                .init(lower: 4, upper: 8, count: 2), .init(lower: 8, upper: 16, count: 1),
            ])
        histogram.record(999)
        #expect(histogram.buckets.first == .init(lower: 0, upper: 1, count: 1))
    }

    @Test func emptyBucketsBetweenAreKept() {
        var histogram = LatencyHistogram()
        histogram.record(0)
        histogram.record(5000)
        #expect(histogram.buckets.map(\.count) == [1, 0, 0, 1])
    }

    @Test func percentilesAreWithinOnePerCent() {
        var random = SplitMix(state: 7)
        for range in [0...300, 0...1_000_000, 1_000...10_000_000_000, 0...UInt64.max] as [ClosedRange<UInt64>] {
            var histogram = LatencyHistogram()
            var all: [UInt64] = []
            for _ in 0..<5000 {
                let duration = UInt64.random(in: range, using: &random) >> UInt64.random(in: 0...20, using: &random)
                histogram.record(duration)
                all.append(duration)
            }
            all.sort()
            for share in [0.0001, 0.5, 0.9, 0.99, 0.999] {
                let exact = Double(all[max(1, Int((share * 5000).rounded(.up))) - 1])
                #expect(abs(Double(histogram.percentile(share)) - exact) <= exact * 0.01)
            }
            #expect(histogram.percentile(1) == all.last)
            #expect(histogram.minimum == all.first && histogram.maximum == all.last)
            #expect(histogram.buckets.reduce(0) { $0 + $1.count } == 5000)
        }
    }

    @Test(arguments: [0, 1, 127, 128, 255, 256, 257, 511, 512, .max] as [UInt64])
    func oneDurationIsEveryPercentile(_ duration: UInt64) {
        var histogram = LatencyHistogram()
        histogram.record(duration)
        #expect([0, 0.5, 0.99, 1].map(histogram.percentile) == [duration, duration, duration, duration])
        #expect(histogram.mean == duration)
    }

    @Test func nothingMeasured() {
        let histogram = LatencyHistogram()
        #expect(histogram.percentile(0.5) == 0 && histogram.mean == 0 && histogram.buckets.isEmpty)
    }

    @Test func pairsOfTracersWithColons() throws {
        let tracers = ["ip_rcv", "net:netif_receive_skb", "skb:consume_skb"]
        #expect(
            try LatencySpan(parsing: "net:netif_receive_skb:skb:consume_skb", tracers: tracers)
                == .between("net:netif_receive_skb", "skb:consume_skb"))
        #expect(try LatencySpan(parsing: "ip_rcv:ip_rcv", tracers: tracers) == .between("ip_rcv", "ip_rcv"))
        for text in ["", ":", "ip_rcv", "ip_rcv:", "ip_rcv:nothing", "net:netif_receive_skb"] {
            #expect(throws: LatencySpan.ParseError(text: text)) {
                try LatencySpan(parsing: text, tracers: tracers)
            }
        }
    }

    @Test func theWholeLifeOfPacketsThatDied() {
        let histogram = measure(.life)
        #expect(histogram.histogram.maximum == 5000)
        #expect(histogram.histogram.count == 1)
        #expect(histogram.unmeasured == 1)
    }

    @Test func fromTheFirstToTheNext() {
        let pair = measure(.between("ip_rcv", "dev_hard_start_xmit"))
        #expect(pair.histogram.minimum == 2500 && pair.histogram.count == 1 && pair.unmeasured == 1)
        let repeated = measure(.between("ip_rcv", "ip_rcv"))
        #expect(repeated.histogram.maximum == 1000)
        #expect(measure(.between("dev_hard_start_xmit", "ip_forward")).unmeasured == 2)
    }

    private func measure(_ span: LatencySpan) -> LatencyMeasurement {
        var measurement = LatencyMeasurement(span, hooks: Hook.facts)
        var tracker = ContextTracker()
        let records = [
            Record(context: 1, time: 0, hook: .xmit), Record(context: 1, time: 500, hook: .ipRcv),
            Record(context: 1, time: 1500, hook: .ipRcv), Record(context: 1, time: 3000, hook: .xmit),
            Record(context: 1, time: 5000, hook: .consume, flags: NT_EVENT_FREE),
            Record(context: 2, time: 5000, hook: .netifReceive),
        ]
        for bytes in records.map(\.bytes) {
            _ = tracker.accept(bytes.span.bytes) { measurement.add($0) }
        }
        tracker.finish { measurement.add($0) }
        return measurement
    }
}

/// A deterministic generator (SplitMix64), so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
