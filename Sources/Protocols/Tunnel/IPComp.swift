/// Compressed payload (RFC 3173): nothing after the header is readable.
extension PacketProtocol {
    static let ipComp = PacketProtocol(
        "ipcomp", "IPComp", [.ipProtocol(IPProtocol.ipComp)], base: .transport,
        fields: [
            ProtocolField("ipcomp.nxt", bit: 0, 8, names: .ipProtocols),
            ProtocolField("ipcomp.flags", bit: 8, 8, .hexadecimal, .all),
            ProtocolField("ipcomp.cpi", bit: 16, 16, .hexadecimal),
        ],
        headerLength: { _ in 4 })
}
