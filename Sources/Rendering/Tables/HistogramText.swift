import Analysis
import Text

// A histogram in text, as of latencies and round-trip times.
extension ByteBuffer {
    private static let barWidth = 52

    /// A line for each bucket; the full length of a bar is the largest count.
    mutating func append(_ buckets: [LatencyHistogram.Bucket]) {
        let most = buckets.map(\.count).max() ?? 0
        for bucket in buckets { append(bucket, most: most) }
    }

    /// `[64, 128)` padded to 16 bytes, the count in 8, and a bar.
    private mutating func append(_ bucket: LatencyHistogram.Bucket, most: UInt64) {
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
}

extension JSONObject {
    /// `buckets`: an array of objects with their bounds in microseconds and, under the name `count`, what they hold.
    mutating func buckets(
        _ buckets: [LatencyHistogram.Bucket], count name: StaticString, _ buffer: inout ByteBuffer
    ) {
        array("buckets", buckets, &buffer) { bucket, element, buffer in
            element.number("from_us", bucket.lower, &buffer)
            element.number("below_us", bucket.upper, &buffer)
            element.number(name, bucket.count, &buffer)
        }
    }
}
