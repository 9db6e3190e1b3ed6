/// Syslog (RFC 3164, RFC 5424): a number in angle brackets and text.
extension PacketProtocol {
    static let syslog = PacketProtocol(
        "syslog", "Syslog", [.udpPort(514)], base: .walked,
        fields: [
            ProtocolField("syslog.facility", names: facilities) { priority($0, { $0 >> 3 }) },
            ProtocolField("syslog.severity", names: severities) { priority($0, { $0 & 7 }) },
            ProtocolField("syslog.msg", .text) { header in
                guard let end = priorityEnd(header) else { return header.ending }
                return header.run(Range(from: end.offset, to: header.length))
            },
        ],
        recognises: { header in
            guard let end = priorityEnd(header) else { return false }
            return end.value < 192
                && header.isText(Range(from: end.offset, to: min(header.capturedCount, end.offset + 8)))
        },
        headerLength: { $0.length },
        summary: { header, line in
            guard let value = priorityEnd(header)?.value else { return }
            if let name = facilities[value >> 3] { line.append(name) }
            line.append(".")
            if let name = severities[value & 7] { line.append(name) }
        })

    private static func priorityEnd(_ header: borrowing HeaderBytes) -> (value: UInt64, offset: Int)? {
        guard header.u8(0) == UInt8(ascii: "<") else { return nil }
        for offset in 2...4 where header.u8(offset) == UInt8(ascii: ">") {
            return header.decimal(1..<offset, digits: 3).map { ($0, offset + 1) }
        }
        return nil
    }

    private static func priority(_ header: borrowing HeaderBytes, _ part: (UInt64) -> UInt64) -> FieldReading {
        priorityEnd(header).map { .number(UInt128(part($0.value))) } ?? header.ending
    }

    private static let facilities: ValueNames = [
        0: "kern", 1: "user", 2: "mail", 3: "daemon", 4: "auth", 5: "syslog", 6: "lpr", 7: "news", 8: "uucp", 9: "cron",
        10: "authpriv", 11: "ftp", 12: "ntp", 13: "audit", 14: "alert", 15: "clock", 16: "local0", 17: "local1",
        18: "local2", 19: "local3", 20: "local4", 21: "local5", 22: "local6", 23: "local7",
    ]

    private static let severities: ValueNames = [
        0: "emerg", 1: "alert", 2: "crit", 3: "err", 4: "warning", 5: "notice", 6: "info", 7: "debug",
    ]
}
