/// The fields of an ESP (RFC 4303) or AH (RFC 4302) header that are readable without keys.
public struct IPsecHeader: Hashable, Sendable {
    /// Security parameter index.
    public let spi: UInt32
    /// nil if not captured.
    public let sequence: UInt32?

    /// Both headers have the sequence number directly after the SPI. Returns nil if the SPI was not captured.
    init?(_ bytes: RawSpan, spiAt offset: Int) {
        guard let spi = bytes.u32(offset) else { return nil }
        self.spi = spi
        self.sequence = bytes.u32(offset + 4)
    }
}

extension PacketProtocol {
    static let esp = PacketProtocol(
        "esp", "ESP", [.ipProtocol(IPProtocol.esp)], base: .transport,
        fields: [
            ProtocolField("esp.spi", bit: 0, 32, .hexadecimal),
            ProtocolField("esp.seq", bit: 32, 32),
        ],
        headerLength: { _ in 8 },
        summary: { header, line in
            guard let spi = header.u32(0) else { return }
            line.append("spi 0x")
            line.appendHex(UInt64(spi), digits: 8)
        })

    /// In IPv6 an extension header, in IPv4 a transport protocol.
    static let ah = PacketProtocol(
        "ah", "AH", [.ipProtocol(IPProtocol.ah)], base: .transport,
        fields: [
            ProtocolField("ah.nxt", bit: 0, 8, .decimal, .most, names: .ipProtocols),
            ProtocolField("ah.len", bit: 8, 8, .decimal, .all),
            ProtocolField("ah.spi", bit: 32, 32, .hexadecimal),
            ProtocolField("ah.seq", bit: 64, 32),
            ProtocolField("ah.icv", .bytes, .all) { header in
                guard let field = header.u8(1) else { return .truncated }
                let end = ExtensionHeader.length(IPProtocol.ah, field: field)
                return end > 12 ? header.run(12..<end) : .absent
            },
        ],
        headerLength: { header in header.u8(1).map { max(12, ExtensionHeader.length(IPProtocol.ah, field: $0)) } },
        next: { header in header.u8(0).map { NextHeader(.ipProtocol($0), .extensionHeader($0)) } },
        summary: { header, line in
            guard let spi = header.u32(4) else { return }
            line.append("spi 0x")
            line.appendHex(UInt64(spi), digits: 8)
        })
}
