public import Analysis
public import Text

/// A measurement as a histogram with percentiles, or as one JSON object.
public struct LatencyRenderer: Sendable {
    public init() {}

    /// Appends the report:
    ///
    ///     latency from ip_rcv to tcp_v4_rcv, in microseconds:
    ///     [1, 2)                  3 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
    ///     [2, 4)                  1 |@@@@@@@@@@@@@@@@@                                   |
    ///     4 packets, 1 not measured; min 1.002, mean 1.630, p50 1.310, p90 2.900, p99 2.900, max 2.900
    public func renderText(_ measurement: LatencyMeasurement, into buffer: inout ByteBuffer) {
        buffer.append("latency ")
        switch measurement.span {
        case .life: buffer.append("of packets, first to last event")
        case .between(let first, let second):
            buffer.append("from ")
            buffer.appendEscaped(first.utf8.span.bytes)
            buffer.append(" to ")
            buffer.appendEscaped(second.utf8.span.bytes)
        }
        buffer.append(", in microseconds:\n")
        buffer.append(measurement.histogram.buckets)
        buffer.appendAccount(measurement)
    }

    /// Appends the object and a newline.
    public func renderJSON(_ measurement: LatencyMeasurement, into buffer: inout ByteBuffer) {
        let histogram = measurement.histogram
        var object = JSONObject()
        object.word("type", "latency", &buffer)
        if case .between(let first, let second) = measurement.span {
            object.text("from", first.utf8.span.bytes, &buffer)
            object.text("to", second.utf8.span.bytes, &buffer)
        }
        object.number("packets", histogram.count, &buffer)
        object.number("unmeasured", measurement.unmeasured, &buffer)
        if histogram.count > 0 {
            object.number("min_ns", histogram.minimum, &buffer)
            object.number("mean_ns", histogram.mean, &buffer)
            object.number("p50_ns", histogram.percentile(0.5), &buffer)
            object.number("p90_ns", histogram.percentile(0.9), &buffer)
            object.number("p99_ns", histogram.percentile(0.99), &buffer)
            object.number("max_ns", histogram.maximum, &buffer)
        }
        object.buckets(histogram.buckets, count: "packets", &buffer)
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }
}

extension ByteBuffer {
    fileprivate mutating func appendAccount(_ measurement: LatencyMeasurement) {
        let histogram = measurement.histogram
        appendDecimal(histogram.count)
        append(histogram.count == 1 ? " packet" : " packets")
        if measurement.unmeasured > 0 {
            append(", ")
            appendDecimal(measurement.unmeasured)
            append(" not measured")
        }
        if histogram.count > 0 {
            append("; min ")
            appendMicroseconds(histogram.minimum)
            append(", mean ")
            appendMicroseconds(histogram.mean)
            append(", p50 ")
            appendMicroseconds(histogram.percentile(0.5))
            append(", p90 ")
            appendMicroseconds(histogram.percentile(0.9))
            append(", p99 ")
            appendMicroseconds(histogram.percentile(0.99))
            append(", max ")
            appendMicroseconds(histogram.maximum)
        }
        append(UInt8(ascii: "\n"))
    }
}
