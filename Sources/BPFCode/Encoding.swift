/// `struct bpf_insn` of include/uapi/linux/bpf.h.
struct InstructionSlot {
    var code: UInt8
    var destination: UInt8 = 0
    var source: UInt8 = 0
    var offset: Int16 = 0
    var immediate: Int32 = 0

    /// The instruction as it lies in memory on this machine: the two registers share a byte, like C bit-fields.
    var encoded: UInt64 {
        #if _endian(little)
            UInt64(code) | UInt64(source << 4 | destination) << 8
                | UInt64(UInt16(bitPattern: offset)) << 16 | UInt64(UInt32(bitPattern: immediate)) << 32
        #else
            UInt64(code) << 56 | UInt64(destination << 4 | source) << 48
                | UInt64(UInt16(bitPattern: offset)) << 32 | UInt64(UInt32(bitPattern: immediate))
        #endif
    }
}

/// Why a program cannot be encoded.
public enum EncodingError: Error, Equatable {
    /// A jump farther than its 16-bit offset allows; the index of the instruction.
    case jumpTooFar(at: Int)
    /// A jump to a label that was not placed.
    case unplacedLabel(at: Int)
    case unknownMap(String)
}

extension Code {
    /// One `struct bpf_insn` each, for this machine. `maps` has the descriptor of each map that the code refers to.
    public func encoded(maps: [String: Int32] = [:]) throws(EncodingError) -> [UInt64] {
        let starts = slotStarts
        var result: [UInt64] = []
        result.reserveCapacity(starts.last ?? 0)
        for (index, instruction) in instructions.enumerated() {
            var distance: Int?
            if let target = instruction.target {
                guard let place = places[target] else { throw .unplacedLabel(at: index) }
                distance = starts[place] - starts[index] - 1
            }
            var descriptor: Int32 = 0
            if let name = instruction.map {
                guard let known = maps[name] else { throw .unknownMap(name) }
                descriptor = known
            }
            guard let slot = instruction.slot(distance: distance ?? 0, map: descriptor) else {
                throw .jumpTooFar(at: index)
            }
            result.append(slot.encoded)
            switch instruction {
            case .constant(_, let value): result.append(Self.secondSlot(Int32(truncatingIfNeeded: value >> 32)))
            case .map: result.append(Self.secondSlot(0))
            case .mapValue(_, _, let offset): result.append(Self.secondSlot(offset))
            default: break
            }
        }
        return result
    }

    private static func secondSlot(_ immediate: Int32) -> UInt64 {
        InstructionSlot(code: 0, immediate: immediate).encoded
    }

    /// The slot at which each instruction begins, and the number of slots.
    private var slotStarts: [Int] {
        instructions.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.slots) }
    }
}

extension Instruction {
    /// The first slot. Returns nil if the distance of a jump does not fit.
    fileprivate func slot(distance: Int, map: Int32) -> InstructionSlot? {
        switch self {
        case .arithmetic(let width, let operation, let destination, let operand):
            return Self.slot((width == .word ? 0x04 : 0x07) | operation.rawValue, destination, operand)
        case .negate(let width, let register):
            return InstructionSlot(code: width == .word ? 0x84 : 0x87, destination: register.rawValue)
        case .convert(let order, let bits, let register):
            return InstructionSlot(code: order.rawValue, destination: register.rawValue, immediate: bits)
        case .load(let size, let destination, let base, let offset):
            return InstructionSlot(
                code: 0x61 | size.rawValue, destination: destination.rawValue, source: base.rawValue, offset: offset)
        case .store(let size, let operand, let base, let offset):
            return switch operand {
            case .register(let source):
                InstructionSlot(
                    code: 0x63 | size.rawValue, destination: base.rawValue, source: source.rawValue, offset: offset)
            case .immediate(let value):
                InstructionSlot(
                    code: 0x62 | size.rawValue, destination: base.rawValue, offset: offset, immediate: value)
            }
        case .atomic(let operation, let width, let register, let base, let offset):
            return InstructionSlot(
                code: width == .word ? 0xc3 : 0xdb, destination: base.rawValue, source: register.rawValue,
                offset: offset, immediate: operation.rawValue)
        case .jump:
            return Int16(exactly: distance).map { InstructionSlot(code: 0x05, offset: $0) }
        case .branch(let width, let condition, let left, let right, _):
            guard let distance = Int16(exactly: distance) else { return nil }
            var slot = Self.slot((width == .word ? 0x06 : 0x05) | condition.rawValue, left, right)
            slot.offset = distance
            return slot
        case .call(let helper):
            return InstructionSlot(code: 0x85, immediate: helper.rawValue)
        case .callFunction:
            return InstructionSlot(code: 0x85, source: 1, immediate: Int32(distance))  // BPF_PSEUDO_CALL
        case .constant(let register, let value):
            return InstructionSlot(
                code: 0x18, destination: register.rawValue, immediate: Int32(truncatingIfNeeded: value))
        case .map(let register, _):
            // BPF_PSEUDO_MAP_FD
            return InstructionSlot(code: 0x18, destination: register.rawValue, source: 1, immediate: map)
        case .mapValue(let register, _, _):
            // BPF_PSEUDO_MAP_VALUE
            return InstructionSlot(code: 0x18, destination: register.rawValue, source: 2, immediate: map)
        case .exit:
            return InstructionSlot(code: 0x95)
        }
    }

    private static func slot(_ code: UInt8, _ destination: Register, _ operand: Operand) -> InstructionSlot {
        switch operand {
        case .register(let source):
            InstructionSlot(code: code | 0x08, destination: destination.rawValue, source: source.rawValue)
        case .immediate(let value):
            InstructionSlot(code: code, destination: destination.rawValue, immediate: value)
        }
    }
}
