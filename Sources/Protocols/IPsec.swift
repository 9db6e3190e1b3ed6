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
