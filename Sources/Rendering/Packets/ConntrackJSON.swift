import Events
import Text

extension JSONObject {
    /// The members of "ct".
    mutating func append(_ section: ConntrackSection, _ buffer: inout ByteBuffer) {
        if let state = section.stateWord {
            word("state", state, &buffer)
        } else {
            quoted("state", &buffer) { $0.appendDecimal(section.info) }
        }
        guard let address = section.address else { return }
        word("direction", section.isReply ? "reply" : "original", &buffer)
        hex("address", address, width: 16, &buffer)
        if let connection = section.connection { append(connection, &buffer) }
    }

    private mutating func append(_ connection: TrackedConnection, _ buffer: inout ByteBuffer) {
        if !connection.isTemplate { appendTransportName(connection.transport, &buffer) }
        if let state = connection.protocolStateWord { word("protocol_state", state, &buffer) }
        key("status", &buffer)
        var separator = UInt8(ascii: "[")
        connection.forEachStatusWord { word in
            buffer.append(separator)
            separator = UInt8(ascii: ",")
            buffer.append(UInt8(ascii: "\""))
            buffer.append(word)
            buffer.append(UInt8(ascii: "\""))
        }
        buffer.append(separator == UInt8(ascii: "[") ? "[]" : "]")
        number("zone", connection.zone, &buffer)
        switch connection.zoneDirections {
        case 1: word("zone_direction", "original", &buffer)
        case 2: word("zone_direction", "reply", &buffer)
        default: break
        }
        number("mark", connection.mark, &buffer)
        guard connection.etherType != 0 else { return }
        object("original", &buffer) { $0.append(connection.original, of: connection, &$1) }
        object("reply", &buffer) { $0.append(connection.reply, of: connection, &$1) }
    }

    private mutating func append(
        _ direction: TrackedConnection.Direction, of connection: TrackedConnection, _ buffer: inout ByteBuffer
    ) {
        quoted("saddr", &buffer) { $0.append(direction.source, etherType: connection.etherType) }
        quoted("daddr", &buffer) { $0.append(direction.destination, etherType: connection.etherType) }
        if connection.hasPorts {
            number("sport", direction.sourcePort, &buffer)
            number("dport", direction.destinationPort, &buffer)
        } else if connection.isICMP {
            number("icmp_type", direction.destinationPort >> 8, &buffer)
            number("icmp_code", direction.destinationPort & 0xff, &buffer)
            number("icmp_id", direction.sourcePort, &buffer)
        }
    }
}
