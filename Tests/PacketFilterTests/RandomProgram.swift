@testable import PacketFilter

/// Valid but meaningless classic programs: every instruction, in any order.
enum RandomProgram {
    private static let codes: [UInt16] = [
        0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x80, 0x00, 0x60, 0x01, 0x61, 0x81, 0xb1, 0x02, 0x03,
        0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64, 0x6c, 0x74, 0x7c, 0x84,
        0x94, 0x9c, 0xa4, 0xac, 0x05, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d, 0x07, 0x87,
    ]

    static func make(using random: inout SeededGenerator) -> [ClassicInstruction] {
        let count = Int.random(in: 3...25, using: &random)
        let body = (0..<count).map { index in
            let code = codes.randomElement(using: &random)!
            let left = count - index
            func distance() -> Int { .random(in: 0...min(left - 1, 6), using: &random) }
            return ClassicInstruction(
                code: code, jumpTrue: UInt8(distance()), jumpFalse: UInt8(distance()),
                k: constant(for: code, distance: distance(), using: &random))
        }
        // libpcap's interpreter does not clear scratch memory.
        let scratch = (0..<4).map { ClassicInstruction(code: 0x02, k: $0) }
        return scratch + body + [ClassicInstruction(code: 0x16)]
    }

    private static func constant(for code: UInt16, distance: Int, using random: inout SeededGenerator) -> UInt32 {
        switch code {
        case 0x05: UInt32(distance)
        case 0x60, 0x61, 0x02, 0x03: .random(in: 0...3, using: &random)
        case 0x64, 0x74: .random(in: 0...31, using: &random)
        case 0x34, 0x94: .random(in: 1...9, using: &random)
        case 0x20, 0x28, 0x30, 0xb1: .random(in: 0...60, using: &random)
        case 0x40, 0x48, 0x50: [0, 10, 14, 30, 0x7fff_fff0, 0xffff_fff0].randomElement(using: &random)!
        case 0x01: [0, 1, 2, 20, 40, 0xffff_ffff].randomElement(using: &random)!
        default:
            [0, 1, 7, 64, 0x800, 0x8000_0000, 0xffff_ffff, .random(in: 0...UInt32.max, using: &random)]
                .randomElement(using: &random)!
        }
    }
}
