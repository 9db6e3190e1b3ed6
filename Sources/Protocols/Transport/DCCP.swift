/// DCCP (RFC 4340).
extension PacketProtocol {
    static let dccp = PacketProtocol(
        "dccp", "DCCP", [.ipProtocol(IPProtocol.dccp)], base: .transport,
        fields: [
            ProtocolField("dccp.sport", bit: 0, 16),
            ProtocolField("dccp.dport", bit: 16, 16),
            ProtocolField("dccp.off", bit: 32, 8, .decimal, .most),
            ProtocolField("dccp.ccval", bit: 40, 4, .decimal, .all),
            ProtocolField("dccp.cscov", bit: 44, 4, .decimal, .all),
            ProtocolField("dccp.sum", bit: 48, 16, .hexadecimal, .all),
            ProtocolField("dccp.type", bit: 67, 4, names: ValueNames(dccpType)),
            ProtocolField("dccp.x", bit: 71, 1, .flag, .all),
            ProtocolField("dccp.seq", .decimal, .more) { header in
                guard let isLong = header.u8(8).map({ $0 & 1 == 1 }) else { return .truncated }
                return isLong ? header.read(at: 10, count: 6) : header.read(at: 9, count: 3)
            },
            ProtocolField("dccp.ack", .decimal, .more) { header in
                guard let byte = header.u8(8) else { return .truncated }
                // Requests and data have none.
                guard byte >> 1 & 0xf != 0, byte >> 1 & 0xf != 2 else { return .absent }
                return byte & 1 == 1 ? header.read(at: 18, count: 6) : header.read(at: 13, count: 3)
            },
            // Long sequence numbers: the sender may use short ones only in data and acknowledgements.
            ProtocolField("dccp.service", bit: 128, 32, .decimal, .more, when: .bits(64, 8, are: [1])),
            ProtocolField(
                "dccp.reset", bit: 192, 8, .decimal, .more, when: .bits(64, 8, are: [15]),
                names: [
                    0: "unspecified", 1: "closed", 2: "aborted", 3: "no connection", 4: "packet error",
                    5: "option error", 6: "mandatory error", 7: "connection refused", 8: "bad service code",
                    9: "too busy",
                    10: "bad init cookie", 11: "aggression penalty",
                ]),
        ],
        headerLength: { header in header.u8(4).map { max(Int($0) * 4, 12) } },
        summary: { header, line in
            guard line.append(portsOf: header), let byte = header.u8(8), let name = dccpType(UInt64(byte >> 1 & 0xf))
            else { return }
            line.append(" ")
            line.append(name)
        })

    private static func dccpType(_ number: UInt64) -> StaticString? {
        switch number {
        case 0: "request"
        case 1: "response"
        case 2: "data"
        case 3: "ack"
        case 4: "dataack"
        case 5: "closereq"
        case 6: "close"
        case 7: "reset"
        case 8: "sync"
        case 9: "syncack"
        default: nil
        }
    }
}
