/// DCCP (RFC 4340): the part of the header that all packets have.
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
