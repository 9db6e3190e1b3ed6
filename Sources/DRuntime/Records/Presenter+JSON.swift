import DCompiler
import DLanguage
import Text

// Option --json: an object on a line of its own for each clause that ran, and for each aggregation that is printed.
extension Presenter {
    /// `{"probe":…,"cpu":…,"time":…,"output":…}`; the time is that of CLOCK_MONOTONIC in nanoseconds.
    func writeJSON(
        _ output: borrowing ByteBuffer, _ probe: Probe, _ record: UnsafeRawBufferPointer, to buffer: inout ByteBuffer
    ) {
        var object = JSONObject()
        object.key("probe", &buffer)
        Self.append(Array(probe.title.utf8), to: &buffer)
        object.number("cpu", record.loadUnaligned(fromByteOffset: RecordLayout.cpuOffset, as: UInt32.self), &buffer)
        object.number("time", record.loadUnaligned(fromByteOffset: RecordLayout.timeOffset, as: UInt64.self), &buffer)
        object.key("output", &buffer)
        buffer.appendJSONString(output.bytes)
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }

    /// `{"aggregation":"@name","rows":[{"key":[…],"value":…}]}`; distributions have `buckets` instead of a value.
    func writeJSON(_ aggregation: AggregationTable, to buffer: inout ByteBuffer) {
        var object = JSONObject()
        object.key("aggregation", &buffer)
        Self.append(Array(aggregation.name.utf8), to: &buffer)
        object.key("rows", &buffer)
        buffer.append(UInt8(ascii: "["))
        for (index, row) in order.sorted(aggregation.rows, aggregation.function).enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            write(row, of: aggregation, to: &buffer)
        }
        buffer.append(UInt8(ascii: "]"))
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }

    private func write(_ row: AggregationTable.Row, of aggregation: AggregationTable, to buffer: inout ByteBuffer) {
        var object = JSONObject()
        object.key("key", &buffer)
        buffer.append(UInt8(ascii: "["))
        for (index, part) in row.key.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            append(part, to: &buffer)
        }
        buffer.append(UInt8(ascii: "]"))
        if let values = aggregation.function.bucketValues {
            object.key("buckets", &buffer)
            var separator = UInt8(ascii: "[")
            for (value, count) in zip(values, row.state) where count != 0 {
                buffer.append(separator)
                separator = UInt8(ascii: ",")
                var bucket = JSONObject()
                bucket.number("value", value, &buffer)
                bucket.number("count", count, &buffer)
                bucket.end(&buffer)
            }
            if separator == UInt8(ascii: "[") { buffer.append(separator) }
            buffer.append(UInt8(ascii: "]"))
        } else {
            object.number("value", aggregation.value(row.state), &buffer)
        }
        object.end(&buffer)
    }

    private func append(_ datum: Datum, to buffer: inout ByteBuffer) {
        switch datum {
        case .integer(let number):
            buffer.append(
                contentsOf: (number.isSigned ? String(Int64(bitPattern: number.bits)) : String(number.bits)).utf8)
        case .text(let text): Self.append(text, to: &buffer)
        case .stack(let frames):
            buffer.append(UInt8(ascii: "["))
            for (index, frame) in frames.enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: ",")) }
                Self.append(Array(formats.names.name(of: frame).utf8), to: &buffer)
            }
            buffer.append(UInt8(ascii: "]"))
        }
    }

    private static func append(_ text: [UInt8], to buffer: inout ByteBuffer) {
        var quoted = ByteBuffer(capacity: text.count + 1)
        quoted.append(contentsOf: text)
        buffer.appendJSONString(quoted.bytes)
    }
}

extension AggregatingFunction {
    /// The least value of each bucket, of distributions.
    fileprivate var bucketValues: [Int64]? {
        switch self {
        case .quantize: PowerBuckets.values
        case .linear(let buckets): buckets.values
        case .logLinear(let buckets): buckets.values
        default: nil
        }
    }
}
