public import CaptureFiles
public import Protocols
public import Text

/// A packet as one JSON object: its number, its time in seconds since 1970, its lengths, and its headers, outermost first,
/// as docs/FILTER-LANGUAGE.md names their fields.
public struct PacketJSON {
    private var line = TextLine()

    public init() {}

    public mutating func append(
        _ packet: borrowing PacketView, bytes: borrowing PacketBytes, _ layers: borrowing PacketLayers, number: UInt64,
        error: String? = nil, to buffer: inout ByteBuffer
    ) {
        var object = JSONObject()
        object.number("number", number, &buffer)
        if let time = packet.time {
            object.key("time", &buffer)
            buffer.appendSeconds(time)
        }
        object.number("length", packet.wireLength, &buffer)
        object.number("captured", bytes.received.byteCount, &buffer)
        if let error {
            object.key("error", &buffer)
            buffer.appendJSONString(error.utf8.span.bytes)
        }
        object.key("layers", &buffer)
        buffer.append("[")
        for (index, layer) in layers.layers.enumerated() {
            if index > 0 { buffer.append(",") }
            line.removeAll()
            line.append(json: layer, of: bytes.decoded)
            buffer.append(line.bytes.span.bytes)
        }
        buffer.append("]")
        object.number("data", layers.payload.count, &buffer)
        let trailer = bytes.joinedFrom == nil ? bytes.received.byteCount - layers.payload.upperBound : 0
        if trailer > 0 { object.number("trailer", trailer, &buffer) }
        object.end(&buffer)
        buffer.append("\n")
    }
}

extension ByteBuffer {
    /// Seconds with nine decimals.
    mutating func appendSeconds(_ nanoseconds: Int64) {
        if nanoseconds < 0 { append(UInt8(ascii: "-")) }
        let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        appendDecimal(seconds)
        append(".")
        appendDecimal(rest, width: 9)
    }
}
