/// One classic BPF instruction as libpcap compiles it: struct sock_filter of include/uapi/linux/filter.h.
public struct ClassicInstruction: Equatable, Sendable {
    public var code: UInt16
    /// Number of instructions to skip when a conditional jump is taken, and when it is not.
    public var jumpTrue: UInt8 = 0
    public var jumpFalse: UInt8 = 0
    /// The constant: operand, offset, or the distance of an unconditional jump.
    public var k: UInt32 = 0
}

/// The operation of a classic instruction, decoded from its code. Covers every code that bpf_validate() of libpcap
/// accepts.
enum ClassicOperation: Equatable {
    enum Address: Equatable { case absolute, indexed }
    enum Operand: Equatable { case constant, x }
    enum Arithmetic: Equatable { case add, subtract, multiply, divide, or, and, shiftLeft, shiftRight, modulo, xor }
    enum Condition: Equatable { case equal, greater, greaterOrEqual, anyBitSet }

    case loadPacket(Address, bytes: Int)
    case loadLength
    case loadConstant
    case loadScratch
    case loadXConstant
    case loadXScratch
    case loadXLength
    /// X = 4 × (low nibble of a packet byte): the length of an IPv4 header.
    case loadXHeaderLength
    case storeA
    case storeX
    case arithmetic(Arithmetic, Operand)
    case negate
    case jump
    case jumpIf(Condition, Operand)
    case returnConstant
    case returnA
    case copyAToX
    case copyXToA
}

extension ClassicOperation {
    /// Returns nil for codes that no classic BPF interpreter knows.
    init?(code: UInt16) {
        let operand: Operand = code & 0x08 == 0 ? .constant : .x
        switch code {
        case 0x20: self = .loadPacket(.absolute, bytes: 4)
        case 0x28: self = .loadPacket(.absolute, bytes: 2)
        case 0x30: self = .loadPacket(.absolute, bytes: 1)
        case 0x40: self = .loadPacket(.indexed, bytes: 4)
        case 0x48: self = .loadPacket(.indexed, bytes: 2)
        case 0x50: self = .loadPacket(.indexed, bytes: 1)
        case 0x80: self = .loadLength
        case 0x00: self = .loadConstant
        case 0x60: self = .loadScratch
        case 0x01: self = .loadXConstant
        case 0x61: self = .loadXScratch
        case 0x81: self = .loadXLength
        case 0xb1: self = .loadXHeaderLength
        case 0x02: self = .storeA
        case 0x03: self = .storeX
        case 0x04, 0x0c: self = .arithmetic(.add, operand)
        case 0x14, 0x1c: self = .arithmetic(.subtract, operand)
        case 0x24, 0x2c: self = .arithmetic(.multiply, operand)
        case 0x34, 0x3c: self = .arithmetic(.divide, operand)
        case 0x44, 0x4c: self = .arithmetic(.or, operand)
        case 0x54, 0x5c: self = .arithmetic(.and, operand)
        case 0x64, 0x6c: self = .arithmetic(.shiftLeft, operand)
        case 0x74, 0x7c: self = .arithmetic(.shiftRight, operand)
        case 0x84: self = .negate
        case 0x94, 0x9c: self = .arithmetic(.modulo, operand)
        case 0xa4, 0xac: self = .arithmetic(.xor, operand)
        case 0x05: self = .jump
        case 0x15, 0x1d: self = .jumpIf(.equal, operand)
        case 0x25, 0x2d: self = .jumpIf(.greater, operand)
        case 0x35, 0x3d: self = .jumpIf(.greaterOrEqual, operand)
        case 0x45, 0x4d: self = .jumpIf(.anyBitSet, operand)
        case 0x06: self = .returnConstant
        case 0x16: self = .returnA
        case 0x07: self = .copyAToX
        case 0x87: self = .copyXToA
        default: return nil
        }
    }
}
