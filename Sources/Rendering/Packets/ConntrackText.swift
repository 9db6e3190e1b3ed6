import Events
import Protocols
import Text

extension ByteBuffer {
    /// The column of connection tracking:
    /// `[ct:ESTABLISHED dir:reply tcp:ESTABLISHED ASSURED,DST_NAT orig:A->B reply:C->A zone:5 mark:0x10] `. A zone or mark
    /// of 0 is left out.
    mutating func appendConntrackColumn(_ section: ConntrackSection?) {
        guard let section else {
            append("[-] ")
            return
        }
        append("[ct:")
        if let word = section.stateWord { append(word) } else { appendDecimal(section.info) }
        if section.isReply { append(" dir:reply") }
        if let connection = section.connection { append(connection) }
        append("] ")
    }

    private mutating func append(_ connection: TrackedConnection) {
        if !connection.isTemplate {
            append(" ")
            if let keyword = IPProtocol.keyword(connection.transport) {
                append(keyword)
            } else {
                append("proto:")
                appendDecimal(connection.transport)
            }
        }
        if let word = connection.protocolStateWord {
            append(":")
            append(word)
        }
        var separator: StaticString = " "
        connection.forEachStatusWord { word in
            append(separator)
            append(word)
            separator = ","
        }
        if connection.etherType != 0 {
            append(" orig:")
            append(connection.original, of: connection)
            append(" reply:")
            append(connection.reply, of: connection)
        }
        if connection.zone != 0 {
            append(connection.zoneLabel)
            appendDecimal(connection.zone)
        }
        if connection.mark != 0 {
            append(" mark:0x")
            appendHex(UInt64(connection.mark))
        }
    }

    /// `10.0.0.1:40000->10.0.0.2:80`, `10.0.0.1->10.0.0.2,type:8,id:7`.
    private mutating func append(_ direction: TrackedConnection.Direction, of connection: TrackedConnection) {
        let hasPorts = connection.hasPorts
        append(direction.source, etherType: connection.etherType, port: hasPorts ? direction.sourcePort : nil)
        append("->")
        append(direction.destination, etherType: connection.etherType, port: hasPorts ? direction.destinationPort : nil)
        guard connection.isICMP else { return }
        append(",type:")
        appendDecimal(direction.destinationPort >> 8)
        append(",id:")
        appendDecimal(direction.sourcePort)
    }
}

extension TrackedConnection {
    /// As conntrack(8): a zone may count for one direction only.
    fileprivate var zoneLabel: StaticString {
        switch zoneDirections {
        case 1: " zone-orig:"
        case 2: " zone-reply:"
        default: " zone:"
        }
    }
}
