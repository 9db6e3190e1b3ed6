public import Analysis

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
        let buckets = measurement.histogram.buckets
        let most = buckets.map(\.count).max() ?? 0
        for bucket in buckets {
            buffer.append(bucket, most: most)
        }
        buffer.appendAccount(measurement)
    }

    /// Appends the object and a newline.
    public func renderJSON(_ measurement: LatencyMeasurement, into buffer: inout ByteBuffer) {
        let histogram = measurement.histogram
        var object = JSONObject(&buffer)
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
        object.key("buckets", &buffer)
        buffer.append(UInt8(ascii: "["))
        var separator: StaticString = ""
        for bucket in histogram.buckets {
            buffer.append(separator)
            separator = ","
            var element = JSONObject(&buffer)
            element.number("from_us", bucket.lower, &buffer)
            element.number("below_us", bucket.upper, &buffer)
            element.number("packets", bucket.count, &buffer)
            element.end(&buffer)
        }
        buffer.append(UInt8(ascii: "]"))
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }
}

extension ByteBuffer {
    private static let barWidth = 52

    /// `[64, 128)` padded to 16 bytes, the count in 8, and a bar whose full length is the largest count.
    fileprivate mutating func append(_ bucket: LatencyHistogram.Bucket, most: UInt64) {
        let start = count
        append(UInt8(ascii: "["))
        appendBound(bucket.lower)
        append(", ")
        appendBound(bucket.upper)
        append(UInt8(ascii: ")"))
        let digits = String(bucket.count).utf8.count
        appendSpaces(16 - (count - start) + max(0, 8 - digits) + 1)
        appendDecimal(bucket.count)
        append(" |")
        let bar = Int((Double(bucket.count) / Double(most) * Double(Self.barWidth)).rounded(.down))
        append(contentsOf: repeatElement(UInt8(ascii: "@"), count: bar))
        appendSpaces(Self.barWidth - bar)
        append("|\n")
    }

    /// 1024 as 1K, 2^20 as 1M and so on: bounds are powers of two.
    private mutating func appendBound(_ value: UInt64) {
        let units = value == 0 ? 0 : min(value.trailingZeroBitCount / 10, 4)
        appendDecimal(value >> UInt64(10 * units))
        switch units {
        case 1: append(UInt8(ascii: "K"))
        case 2: append(UInt8(ascii: "M"))
        case 3: append(UInt8(ascii: "G"))
        case 4: append(UInt8(ascii: "T"))
        default: break
        }
    }

    private mutating func appendSpaces(_ count: Int) {
        append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, count)))
    }

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
