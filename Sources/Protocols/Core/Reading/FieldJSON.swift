extension TextLine {
    /// The JSON object of a header: its fields by their names without that of the protocol. Numbers and flags are
    /// themselves; addresses, hexadecimal numbers and bytes are strings. A field that the header does not have or that
    /// was not captured is left out; "truncated" is true if there is one of the latter, "malformed" if the header
    /// contradicts itself. A field of a list is an array.
    public mutating func append(json layer: Layer, of packet: RawSpan) {
        let header = PacketLayers.header(of: layer, in: packet)
        append("{\"protocol\":\"")
        append(layer.kind.name)
        append("\"")
        var isTruncated = layer.isTruncated
        var isMalformed = false
        for field in layer.kind.fields {
            let reading = field.read(header)
            switch reading {
            case .number, .bytes: break
            case .absent: continue
            case .truncated:
                isTruncated = true
                continue
            case .malformed:
                isMalformed = true
                continue
            }
            append(",\"")
            append(field.shortName(in: layer.kind))
            append("\":")
            guard field.isRepeated else {
                append(json: reading, as: field, of: header)
                continue
            }
            append("[")
            for (index, reading) in field.readAll(header).enumerated() {
                if reading == .truncated { isTruncated = true }
                if reading == .malformed { isMalformed = true }
                guard reading != .truncated, reading != .malformed else { break }
                if index > 0 { append(",") }
                append(json: reading, as: field, of: header)
            }
            append("]")
        }
        if isMalformed { append(",\"malformed\":true") }
        append(isTruncated ? ",\"truncated\":true}" : "}")
    }

    private mutating func append(json reading: FieldReading, as field: ProtocolField, of header: borrowing HeaderBytes)
    {
        switch (reading, field.notation) {
        case (.number(let value), .flag): append(value == 0 ? "false" : "true")
        case (.number(let value), .decimal), (.number(let value), .flags): appendDecimal(value)
        case (.number(let value), _):
            append("\"")
            append(value, as: field)
            append("\"")
        case (.bytes, _):
            append("\"")
            let start = bytes.count
            append(reading, as: field, of: header)
            if field.notation.isText { doubleBackslashes(from: start) }
            append("\"")
        case (.absent, _), (.truncated, _), (.malformed, _): break
        }
    }
}
