/// SNMP, versions 1 (RFC 1157), 2c (RFC 3416) and 3 (RFC 3412), in the encoding of ASN.1 (BER).
extension PacketProtocol {
    static let snmp = PacketProtocol(
        "snmp", "SNMP", [.udpPort(161), .udpPort(162)], base: .walked,
        fields: [
            number("snmp.ver", names: [0: "v1", 1: "v2c", 3: "v3"]) { $0.version },
            ProtocolField("snmp.community", .text) { run($0) { $0.community } },
            ProtocolField("snmp.msgid") { integer($0) { $0.messageID } },
            ProtocolField("snmp.engine", .bytes, .more) { run($0) { $0.engine } },
            ProtocolField("snmp.user", .text) { run($0) { $0.user } },
            ProtocolField("snmp.pdu", names: units) { header in
                guard let message = SNMPMessage(header) else { return header.ending }
                return message.unit.map { .number(UInt128($0.tag & 0x1f)) } ?? .absent
            },
            number("snmp.reqid", .more) { $0.requestID },
            number("snmp.error", .more, names: errors) { $0.errorStatus },
            number("snmp.errindex", .most) { $0.errorIndex },
            ProtocolField("snmp.oid", .derived(appendIdentifier), .brief) { header, values in
                guard let message = SNMPMessage(header) else { return _ = values.append(header.ending) }
                guard let list = message.bindings else { return }
                var offset = list.lowerBound
                while offset < list.upperBound {
                    guard let pair = BERValue(header, at: offset),
                        let name = BERValue(header, at: pair.contents.lowerBound)
                    else { return _ = values.append(header.ending) }
                    guard pair.tag == 0x30, name.tag == 6 else { return _ = values.append(.malformed) }
                    guard values.append(header.run(name.contents)) else { return }
                    offset = pair.contents.upperBound
                }
            },
        ],
        recognises: { header in
            guard let whole = BERValue(header, at: 0), whole.tag == 0x30, whole.contents.upperBound == header.length,
                let version = BERValue(header, at: whole.contents.lowerBound), version.tag == 2,
                version.contents.count == 1, let number = header.u8(version.contents.lowerBound)
            else { return false }
            return number == 0 || number == 1 || number == 3
        },
        headerLength: { $0.length },
        summary: { header, line in
            guard let unit = SNMPMessage(header)?.unit, let name = units[UInt64(unit.tag & 0x1f)] else { return }
            line.append(name)
        })

    private static let units: ValueNames = [
        0: "get", 1: "get next", 2: "response", 3: "set", 4: "trap v1", 5: "get bulk", 6: "inform", 7: "trap",
        8: "report",
    ]

    private static let errors: ValueNames = [
        1: "too big", 2: "no such name", 3: "bad value", 4: "read only", 5: "general error", 6: "no access",
        7: "wrong type", 8: "wrong length", 9: "wrong encoding", 10: "wrong value", 11: "no creation",
        13: "unavailable",
        16: "authorization error", 17: "not writable",
    ]

    private static func number(
        _ name: String, _ detail: ProtocolField.Detail = .brief, names: ValueNames? = nil,
        _ part: @escaping @Sendable (SNMPMessage) -> Range<Int>?
    ) -> ProtocolField {
        ProtocolField(name, .decimal, detail, names: names) { integer($0, part) }
    }

    private static func integer(
        _ header: borrowing HeaderBytes, _ part: (SNMPMessage) -> Range<Int>?
    ) -> FieldReading {
        guard let message = SNMPMessage(header) else { return header.ending }
        guard let range = part(message) else { return .absent }
        return 1...8 ~= range.count ? header.read(at: range.lowerBound, count: range.count) : .malformed
    }

    private static func run(_ header: borrowing HeaderBytes, _ part: (SNMPMessage) -> Range<Int>?) -> FieldReading {
        guard let message = SNMPMessage(header) else { return header.ending }
        return part(message).map { header.run($0) } ?? .absent
    }

    /// `1.3.6.1.2.1`: the first number stands for two, each number has seven bits in a byte.
    @Sendable private static func appendIdentifier(
        _ range: Range<Int>, _ header: borrowing HeaderBytes, _ line: inout TextLine
    ) {
        var value: UInt64 = 0
        var isFirst = true
        for offset in range {
            guard let byte = header.u8(offset) else { return }
            value = (value & (UInt64.max >> 7)) << 7 | UInt64(byte & 0x7f)
            guard byte < 0x80 else { continue }
            if isFirst {
                let first = min(value / 40, 2)
                line.appendDecimal(first)
                value -= first * 40
            }
            line.append(".")
            line.appendDecimal(value)
            isFirst = false
            value = 0
        }
    }
}
