/// The fixed part of a block with a packet:
///
///     enhanced = interface u32 | upper half of the time u32 | lower half u32 | captured u32 | on the wire u32
///     obsolete = interface u16 | drops u16 | the rest of `enhanced`
///     simple   = on the wire u32
struct PacketHead {
    private(set) var interface = 0
    /// Nil if the block has no time.
    private(set) var ticks: UInt64?
    /// Nil if the block does not say.
    private(set) var captured: Int?
    let wireLength: Int
    private(set) var dropped: UInt64?

    static func size(_ type: UInt32) -> Int { type == PcapNGBlock.simplePacket ? 4 : 20 }

    /// - Parameter body: at least `size` bytes.
    init(_ type: UInt32, _ body: RawSpan, _ order: ByteOrder) {
        guard type != PcapNGBlock.simplePacket else {
            wireLength = Int(body.u32(0, order))
            return
        }
        if type == PcapNGBlock.obsoletePacket {
            interface = Int(body.u16(0, order))
            // 0xffff stands for an unknown number.
            let drops = body.u16(2, order)
            if drops != .max { dropped = UInt64(drops) }
        } else {
            interface = Int(body.u32(0, order))
        }
        ticks = UInt64(body.u32(4, order)) << 32 | UInt64(body.u32(8, order))
        captured = Int(body.u32(12, order))
        wireLength = Int(body.u32(16, order))
    }
}
