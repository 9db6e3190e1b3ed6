public import CaptureFiles
import FilterLanguage
public import Protocols
public import Text

/// `-T fields -e FIELD…`: the values of some fields in a line, separated by tabs. Of a header that a packet has several
/// times, commas separate the values.
public struct FieldColumns {
    private enum Column {
        case number, time, length, captured, protocols
        /// Place of the protocol and the field.
        case field(Int, ProtocolField)
    }

    private let columns: [Column]
    private var line = TextLine()

    public struct UnknownField: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameter names: complete names of fields, or `frame.number`, `frame.time`, `frame.len`, `frame.cap_len`,
    ///   `frame.protocols`.
    public init(_ names: [String]) throws(UnknownField) {
        var columns: [Column] = []
        for name in names {
            switch name {
            case "frame.number": columns.append(.number)
            case "frame.time", "frame.time_epoch": columns.append(.time)
            case "frame.len": columns.append(.length)
            case "frame.cap_len": columns.append(.captured)
            case "frame.protocols": columns.append(.protocols)
            default:
                guard let (kind, field) = ProtocolTable.field(name), let place = ProtocolTable.place(named: kind.name)
                else {
                    let hint = FieldNames.hint(for: name)
                    throw UnknownField(description: "-e '\(name)': no such field\(hint)")
                }
                columns.append(.field(place, field))
            }
        }
        self.columns = columns
    }

    public mutating func append(
        _ packet: borrowing PacketView, bytes: borrowing PacketBytes, _ layers: borrowing PacketLayers, number: UInt64,
        to buffer: inout ByteBuffer
    ) {
        for (index, column) in columns.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: "\t")) }
            switch column {
            case .number: buffer.appendDecimal(number)
            case .time: if let time = packet.time { buffer.appendSeconds(time) }
            case .length: buffer.appendDecimal(packet.wireLength)
            case .captured: buffer.appendDecimal(bytes.received.byteCount)
            case .protocols:
                for (index, layer) in layers.layers.enumerated() {
                    if index > 0 { buffer.append(":") }
                    buffer.append(contentsOf: layer.kind.name.utf8)
                }
            case .field(let place, let field): append(field, of: place, layers, bytes.decoded, to: &buffer)
            }
        }
        buffer.append(UInt8(ascii: "\n"))
    }

    private mutating func append(
        _ field: ProtocolField, of place: Int, _ layers: borrowing PacketLayers, _ bytes: RawSpan,
        to buffer: inout ByteBuffer
    ) {
        var isFirst = true
        for layer in layers.layers where layer.place == place {
            let header = PacketLayers.header(of: layer, in: bytes)
            guard field.isRepeated else {
                append(field.read(header), field, header, &isFirst, to: &buffer)
                continue
            }
            for reading in field.readAll(header) { append(reading, field, header, &isFirst, to: &buffer) }
        }
    }

    private mutating func append(
        _ reading: FieldReading, _ field: ProtocolField, _ header: borrowing HeaderBytes, _ isFirst: inout Bool,
        to buffer: inout ByteBuffer
    ) {
        switch reading {
        case .number, .bytes: break
        case .absent, .truncated, .malformed: return
        }
        if !isFirst { buffer.append(",") }
        isFirst = false
        line.removeAll()
        switch (reading.number, field.notation) {
        // One word for a column: the names of bits are several.
        case (let value?, .flags): line.append(text: "0x" + String(value, radix: 16))
        case (let value?, _): line.append(value, as: field)
        default: line.append(reading, as: field, of: header)
        }
        buffer.append(line.bytes.span.bytes)
    }
}
