public import FilterLanguage

/// The part of a filter of netsnoop that the kernel can decide, as a classic BPF program for SO_ATTACH_FILTER: it accepts
/// at least all packets that the filter accepts.
///
/// The program knows a few shapes of Ethernet frames. It accepts all other frames, those of other devices, and those with
/// a VLAN tag, which the kernel keeps beside the frame.
public struct PacketPrefilter: Sendable {
    /// A return of 0 drops the packet, any other keeps it.
    public let instructions: [ClassicInstruction]

    /// SKF_AD_OFF + SKF_AD_HATYPE, SKF_AD_VLAN_TAG_PRESENT (include/uapi/linux/filter.h).
    private static let hardwareType: UInt32 = 0xffff_f01c
    private static let hasTag: UInt32 = 0xffff_f030
    /// ARPHRD_ETHER, ARPHRD_LOOPBACK.
    private static let ethernet: UInt32 = 1
    private static let loopback: UInt32 = 772

    /// Returns nil if no packet can be refused, or if the program is too large.
    public init?(_ expression: FilterExpression) {
        let bodies = FrameShape.all.map { ($0, $0.decide(expression).overApproximated()) }
        guard bodies.contains(where: { $0.1 != .constant(true) }) else { return nil }
        var code = PrefilterCode()
        let isEthernet = PrefilterTest(source: .beside(Self.hardwareType), condition: .equal, value: Self.ethernet)
        let isLoopback = PrefilterTest(source: .beside(Self.hardwareType), condition: .equal, value: Self.loopback)
        let isTagged = PrefilterTest(source: .beside(Self.hasTag), condition: .equal, value: 0, isInverted: true)
        code.require(.or(.test(isEthernet), .test(isLoopback)), else: .accept)
        code.require(.test(isTagged.negated), else: .accept)
        for (shape, body) in bodies {
            let next = code.label()
            for test in shape.tests { code.require(.test(test), else: next) }
            code.require(body, else: .drop)
            code.jump(to: .accept)
            code.place(next)
        }
        code.jump(to: .accept)
        guard let instructions = code.finished(), instructions.count <= ClassicProgram.maximumCount else { return nil }
        self.instructions = instructions
    }
}

/// Instructions with labels, until all jumps are known.
struct PrefilterCode {
    struct Label: Equatable {
        let number: Int

        static let accept = Label(number: 0)
        static let drop = Label(number: 1)
    }

    private var instructions: [ClassicInstruction] = []
    /// Unconditional jumps and their targets: conditional ones reach 255 instructions only.
    private var jumps: [(place: Int, target: Label)] = []
    private var places: [Int?] = [nil, nil]

    mutating func label() -> Label {
        places.append(nil)
        return Label(number: places.count - 1)
    }

    mutating func place(_ label: Label) { places[label.number] = instructions.count }

    mutating func jump(to target: Label) {
        jumps.append((instructions.count, target))
        instructions.append(ClassicInstruction(code: 0x05))
    }

    /// Goes on where a decision is true, and at a label where it is false. The decision has no `unknown` and no `not`.
    mutating func require(_ decision: PrefilterDecision, else target: Label) {
        switch decision {
        case .constant(let value): if !value { jump(to: target) }
        case .test(let test): append(test, else: target)
        case .and(let left, let right):
            require(left, else: target)
            require(right, else: target)
        case .or(let left, let right):
            let (second, end) = (label(), label())
            require(left, else: second)
            jump(to: end)
            place(second)
            require(right, else: target)
            place(end)
        case .unknown, .not: break
        }
    }

    private mutating func append(_ test: PrefilterTest, else target: Label) {
        switch test.source {
        case .packet(let offset, let size):
            instructions.append(ClassicInstruction(code: size == 1 ? 0x30 : size == 2 ? 0x28 : 0x20, k: UInt32(offset)))
        case .length: instructions.append(ClassicInstruction(code: 0x80))
        case .beside(let offset): instructions.append(ClassicInstruction(code: 0x20, k: offset))
        }
        if test.shift > 0 { instructions.append(ClassicInstruction(code: 0x74, k: test.shift)) }
        if test.mask != .max { instructions.append(ClassicInstruction(code: 0x54, k: test.mask)) }
        let code: UInt16 =
            switch test.condition {
            case .equal: 0x15
            case .greater: 0x25
            case .greaterOrEqual: 0x35
            case .anyBitSet: 0x45
            }
        // Skips the jump that follows where the test is true.
        instructions.append(
            ClassicInstruction(
                code: code, jumpTrue: test.isInverted ? 0 : 1, jumpFalse: test.isInverted ? 1 : 0, k: test.value))
        jump(to: target)
    }

    /// Returns nil if a label was not placed.
    mutating func finished() -> [ClassicInstruction]? {
        place(.accept)
        instructions.append(ClassicInstruction(code: 0x06, k: .max))
        place(.drop)
        instructions.append(ClassicInstruction(code: 0x06, k: 0))
        for (place, target) in jumps {
            guard let end = places[target.number], end > place else { return nil }
            instructions[place].k = UInt32(end - place - 1)
        }
        return instructions
    }
}
