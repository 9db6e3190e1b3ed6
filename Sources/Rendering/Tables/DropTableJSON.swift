public import Analysis
public import Events
public import Text

/// A block of drops as one JSON object; docs/OUTPUT.md and docs/event.schema.json name every key.
public struct DropTableJSON {
    private let names: NameTable
    private let dimensions: Set<DropDimension>
    private let limit: Int
    private var date = DateText(separator: UInt8(ascii: "T"), isLocal: false)

    /// - Parameter limit: how many rows to write; nil: all.
    public init(names: NameTable, dimensions: [DropDimension], limit: Int? = nil) {
        self.names = names
        self.dimensions = Set(dimensions)
        self.limit = limit ?? .max
    }

    /// Appends the object and a newline. `time`: when the block ended, nanoseconds of CLOCK_REALTIME.
    public mutating func render(_ block: DropBlock, at time: Int64, into buffer: inout ByteBuffer) {
        let sum = block.sum
        var object = JSONObject()
        object.word("type", "drops", &buffer)
        object.time(time, &date, &buffer)
        object.key("interval", &buffer)
        buffer.appendThousandths(block.seconds)
        object.flag("final", block.isFinal, &buffer)
        object.number("total", sum.packets, &buffer)
        object.number("bytes", sum.bytes, &buffer)
        object.rate(block.rate(of: sum), &buffer)
        object.number("since_start", block.sinceStart.packets, &buffer)
        object.array("rows", block.rows.prefix(limit), &buffer) { append($0, of: block, to: &$1, &$2) }
        appendRemainder(block, &object, &buffer)
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }

    /// The rest that no row shows: `total` is always the sum of all counts.
    private func appendRemainder(_ block: DropBlock, _ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        let hidden = block.rows.dropFirst(limit)
        if !hidden.isEmpty {
            object.number("more_rows", hidden.count, &buffer)
            object.number("more", block.sum(of: hidden).packets, &buffer)
        }
        object.number("other", block.other.packets, &buffer)
    }

    private func append(
        _ row: DropBlock.Row, of block: DropBlock, to object: inout JSONObject, _ buffer: inout ByteBuffer
    ) {
        let key = row.key
        if dimensions.contains(.reason), names.givesDropReasons { appendReason(key, &object, &buffer) }
        if key.location != 0 { object.appendLocation(key.location, names, &buffer) }
        if !key.device.isEmpty { object.text("device", key.device.span.bytes, &buffer) }
        if key.netns != 0 { object.number("netns", key.netns, &buffer) }
        appendFlow(key, &object, &buffer)
        object.number("count", row.sum.packets, &buffer)
        object.number("bytes", row.sum.bytes, &buffer)
        object.rate(block.rate(of: row.sum), &buffer)
        object.number("since_start", row.total, &buffer)
    }

    private func appendReason(_ key: DropKey, _ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        if let name = names.dropReasons[key.reason] {
            object.text("reason", name.span.bytes, &buffer)
        } else {
            object.quoted("reason", &buffer) { $0.appendDecimal(key.reason) }
        }
        object.flag("normal", names.isNormalEnd(reason: key.reason, at: key.location), &buffer)
    }

    private func appendFlow(_ key: DropKey, _ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        if dimensions.contains(.proto) {
            object.appendNetworkName(key.etherType, &buffer)
            if key.isIP { object.appendTransportName(key.transport, &buffer) }
        }
        if key.isIP, dimensions.contains(.saddr) {
            object.quoted("saddr", &buffer) { _ = $0.append(key.source, etherType: key.etherType) }
        }
        if key.isIP, dimensions.contains(.daddr) {
            object.quoted("daddr", &buffer) { _ = $0.append(key.destination, etherType: key.etherType) }
        }
        if key.sourcePort != 0 { object.number("sport", key.sourcePort, &buffer) }
        if key.destinationPort != 0 { object.number("dport", key.destinationPort, &buffer) }
    }
}

extension JSONObject {
    /// Drops per second, with one decimal.
    fileprivate mutating func rate(_ value: Double, _ buffer: inout ByteBuffer) {
        key("rate", &buffer)
        buffer.appendTenths(value)
    }
}
