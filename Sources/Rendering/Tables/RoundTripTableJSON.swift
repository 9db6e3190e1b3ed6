public import Analysis
public import Events
public import Text

/// A block of round-trip times as one JSON object; docs/OUTPUT.md and docs/event.schema.json name every key.
public struct RoundTripTableJSON {
    private let dimensions: [RoundTripDimension]
    private let showsHistograms: Bool
    private let limit: Int
    private var date = DateText(separator: UInt8(ascii: "T"), isLocal: false)

    /// - Parameter limit: how many rows to write; nil: all.
    public init(dimensions: [RoundTripDimension], showsHistograms: Bool = false, limit: Int? = nil) {
        self.dimensions = dimensions
        self.showsHistograms = showsHistograms
        self.limit = limit ?? .max
    }

    /// Appends the object and a newline. `time`: when the block ended, nanoseconds of CLOCK_REALTIME.
    public mutating func render(_ block: RoundTripBlock, at time: Int64, into buffer: inout ByteBuffer) {
        var object = JSONObject()
        object.word("type", "rtt", &buffer)
        object.time(time, &date, &buffer)
        object.key("interval", &buffer)
        buffer.appendThousandths(block.seconds)
        object.flag("final", block.isFinal, &buffer)
        object.number("total", block.sum.count, &buffer)
        object.number("since_start", block.sinceStart.count, &buffer)
        object.array("rows", block.rows.prefix(limit), &buffer) { append($0, to: &$1, &$2) }
        let hidden = block.rows.dropFirst(limit)
        if !hidden.isEmpty {
            object.number("more_rows", hidden.count, &buffer)
            object.number("more", block.sum(of: hidden).count, &buffer)
        }
        object.number("other", block.other.count, &buffer)
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }

    private func append(_ row: RoundTripBlock.Row, to object: inout JSONObject, _ buffer: inout ByteBuffer) {
        let (key, times) = (row.key, row.sum)
        for dimension in dimensions {
            switch dimension {
            case .raddr: object.quoted("raddr", &buffer) { $0.append(key.remote, etherType: key.etherType) }
            case .laddr: object.quoted("laddr", &buffer) { $0.append(key.local, etherType: key.etherType) }
            case .rport: object.number("rport", key.remotePort, &buffer)
            case .lport: object.number("lport", key.localPort, &buffer)
            case .service: object.number("service", key.service, &buffer)
            case .netns: object.number("netns", key.netns, &buffer)
            }
        }
        object.number("count", times.count, &buffer)
        if times.count > 0 {
            object.number("min_us", times.minimum, &buffer)
            object.key("mean_us", &buffer)
            buffer.appendTenths(times.mean)
            object.number("p50_us", times.percentile(0.5), &buffer)
            object.number("p95_us", times.percentile(0.95), &buffer)
            object.number("p99_us", times.percentile(0.99), &buffer)
            object.number("max_us", times.maximum, &buffer)
        }
        object.number("since_start", row.total, &buffer)
        if showsHistograms { object.buckets(times.buckets, count: "count", &buffer) }
    }
}
