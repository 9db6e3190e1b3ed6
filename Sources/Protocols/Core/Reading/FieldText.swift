/// Headers as text, from the descriptions of their fields alone.
extension TextLine {
    /// `tcp: sport 443 dport 51234 …`: the fields of a header up to a level of detail.
    public mutating func append(_ layer: Layer, of packet: RawSpan, _ detail: ProtocolField.Detail = .all) {
        let header = PacketLayers.header(of: layer, in: packet)
        append(layer.kind.name)
        append(":")
        var isIncomplete = false
        for field in layer.kind.fields where field.detail <= detail && !field.isPart {
            let reading = field.read(header)
            switch reading {
            case .absent: continue
            case .truncated where field.fixedBits == nil, .malformed:
                // Whether the header has such a field is not known either.
                if !isIncomplete { append(reading == .malformed ? " [malformed]" : " [truncated]") }
                isIncomplete = true
                continue
            case .truncated: isIncomplete = true
            case .number, .bytes: break
            }
            append(" ")
            append(field.shortName(in: layer.kind))
            append(" ")
            append(valuesOf: field, of: header)
        }
    }

    /// The headers in one line, the outermost first: `IP 10.0.0.1 -> 10.0.0.2 | UDP 5000 -> 53`.
    public mutating func append(summaryOf layers: PacketLayers, of packet: RawSpan) {
        var isFirst = true
        for layer in layers.layers {
            if !isFirst { append(" | ") }
            isFirst = false
            append(layer.kind.title)
            let end = bytes.count
            append(" ")
            layer.kind.summary(PacketLayers.header(of: layer, in: packet), &self)
            if bytes.count == end + 1 { truncate(to: end) }
        }
    }

    /// The value of a field in a header, or its values, separated by commas.
    public mutating func append(valuesOf field: ProtocolField, of header: borrowing HeaderBytes) {
        guard field.isRepeated else { return append(field.read(header), as: field, of: header) }
        for (index, reading) in field.readAll(header).enumerated() {
            if index > 0 { append(",") }
            append(reading, as: field, of: header)
        }
    }

    /// The value of a field in a header.
    public mutating func append(_ reading: FieldReading, as field: ProtocolField, of header: borrowing HeaderBytes) {
        switch reading {
        case .absent: break
        case .truncated: append("[truncated]")
        case .malformed: append("[malformed]")
        case .bytes(let range) where field.notation.isText: append(textOf: range, as: field.notation, of: header)
        case .bytes(let range):
            for offset in range { appendHex(UInt64(header.u8(offset) ?? 0), digits: 2) }
        case .number(let value): append(value, withNameAs: field)
        }
    }

    /// `6 (TCP)`: a value in the notation of its field, and its name if it has one.
    public mutating func append(_ value: UInt128, withNameAs field: ProtocolField) {
        append(value, as: field)
        guard let name = field.names?[UInt64(truncatingIfNeeded: value)] else { return }
        append(" (")
        append(name)
        append(")")
    }

    /// A value in the notation of its field, without its name.
    public mutating func append(_ value: UInt128, as field: ProtocolField) {
        switch field.notation {
        case .decimal, .flag, .bytes, .text, .domainName, .derived: appendDecimal(value)
        case .hexadecimal: appendHexadecimal(value, as: field)
        case .flags(let names):
            appendHexadecimal(value, as: field)
            if value != 0 { append(" ") }
            append(flags: value, names)
        case .ipv4: append(IPv4Address(bits: UInt32(truncatingIfNeeded: value)))
        case .ipv6: append(IPv6Address(bits: value))
        case .ethernet: append(MACAddress(bits: UInt64(truncatingIfNeeded: value)))
        }
    }

    /// `SYN|ACK`
    public mutating func append(flagsOf value: UInt128, _ names: [StaticString]) { append(flags: value, names) }

    mutating func append(flags value: UInt128, _ names: [StaticString]) {
        var isFirst = true
        for (bit, name) in names.enumerated() where value >> UInt128(bit) & 1 == 1 {
            if !isFirst { append("|") }
            isFirst = false
            append(name)
        }
    }

    private mutating func appendHexadecimal(_ value: UInt128, as field: ProtocolField) {
        let digits = field.fixedBits.map { ($0.count + 3) / 4 } ?? (value > 0xffff_ffff ? 16 : value > 0xffff ? 8 : 4)
        append("0x")
        if digits > 16 { appendHex(UInt64(truncatingIfNeeded: value >> 64), digits: digits - 16) }
        appendHex(UInt64(truncatingIfNeeded: value), digits: min(digits, 16))
    }
}

extension ProtocolField {
    /// The name without that of its protocol.
    public func shortName(in kind: PacketProtocol) -> String { String(name.dropFirst(kind.name.count + 1)) }
}
