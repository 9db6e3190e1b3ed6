import Analysis
import CNettraceBPF
import Events
import Rendering
import Testing
import Text
import Tracers

@Suite struct LatencyRendererTests {
    /// Measures a packet for each duration in nanoseconds, and one that never ends.
    private func measure(_ durations: [UInt64], _ span: LatencySpan) -> LatencyMeasurement {
        let hooks = ContextRecords.hooks.map { HookFacts(tracer: $0.0, role: .onward, flags: []) }
        var measurement = LatencyMeasurement(span, hooks: hooks)
        var tracker = ContextTracker(limits: .init(contexts: 1))
        for (index, duration) in durations.enumerated() {
            for record in [ContextRecords.event(0, at: 0), ContextRecords.event(3, at: duration)] {
                let bytes = ContextRecords.withContext(UInt64(index + 1), record)
                _ = tracker.accept(bytes.span.bytes) { measurement.add($0) }
            }
        }
        let bytes = ContextRecords.withContext(1 << 40, ContextRecords.event(0, at: 0))
        _ = tracker.accept(bytes.span.bytes) { measurement.add($0) }
        tracker.finish { measurement.add($0) }
        return measurement
    }

    private func report(_ measurement: LatencyMeasurement) -> String {
        var buffer = ByteBuffer()
        LatencyRenderer().renderText(measurement, into: &buffer)
        return text(buffer)
    }

    @Test func histogramAndPercentiles() {
        let text = report(measure([500, 1000, 1500, 1500, 5000, 2_000_000], .life))
        #expect(
            text.split(separator: "\n").prefix(5) == [
                "latency of packets, first to last event, in microseconds:",
                "[0, 1)                  1 |@@@@@@@@@@@@@@@@@                                   |",
                "[1, 2)                  3 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|",
                "[2, 4)                  0 |                                                    |",
                "[4, 8)                  1 |@@@@@@@@@@@@@@@@@                                   |",
            ])
        #expect(text.contains("\n[1K, 2K)                1 |@@@@@@@@@@@@@@@@@  "))
        #expect(
            text.hasSuffix(
                "6 packets, 1 not measured; min 0.500, mean 334.916, p50 1.500, p90 2000.000, p99 2000.000, "
                    + "max 2000.000\n"))
    }

    @Test func betweenTracers() {
        let text = report(measure([10], .between("ip_rcv", "skb:consume_skb")))
        #expect(text.hasPrefix("latency from ip_rcv to skb:consume_skb, in microseconds:\n[0, 1)  "))
        #expect(
            text.hasSuffix(
                "1 packet, 1 not measured; min 0.010, mean 0.010, p50 0.010, p90 0.010, p99 0.010, max 0.010\n"))
    }

    @Test func nothingMeasured() {
        #expect(
            report(measure([], .life))
                == "latency of packets, first to last event, in microseconds:\n0 packets, 1 not measured\n")
    }

    @Test func jsonKeepsToTheSchema() throws {
        let validator = try SchemaValidator()
        for measurement in [
            measure([], .life), measure([0, .max >> 20], .life),
            measure([700, 1500], .between("ip_rcv", "skb:consume_skb")),
        ] {
            var buffer = ByteBuffer()
            LatencyRenderer().renderJSON(measurement, into: &buffer)
            #expect(validator.problems(text(buffer)) == [])
        }
        var buffer = ByteBuffer()
        LatencyRenderer().renderJSON(measure([700, 1500], .between("ip_rcv", "skb:consume_skb")), into: &buffer)
        #expect(
            text(buffer)
                == #"{"type":"latency","from":"ip_rcv","to":"skb:consume_skb","packets":2,"unmeasured":1,"#
                + #""min_ns":700,"mean_ns":1100,"p50_ns":702,"p90_ns":1500,"p99_ns":1500,"max_ns":1500,"#
                + #""buckets":[{"from_us":0,"below_us":1,"packets":1},{"from_us":1,"below_us":2,"packets":1}]}"# + "\n")
    }
}
