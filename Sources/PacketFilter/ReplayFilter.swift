/// A packet filter that runs in user space, over the packets of a recording.
///
/// It gives the answers that the same filter gave in the kernel, but for bytes that were not captured: where a filter
/// looks behind them, the packet does not match.
public struct ReplayFilter: Sendable {
    private let program: ClassicProgram
    /// The whole filter as one pcap-filter(7) expression.
    public let expression: String
    /// As `TranslatedFilter.looksAtVLANTags`.
    public let looksAtVLANTags: Bool

    /// Nil when the options ask for nothing: every packet matches. Refuses what the kernel's filter refuses.
    ///
    /// May block: names of hosts are looked up.
    public init?(_ options: FilterOptions) throws(FilterError) {
        guard let translated = try TranslatedFilter(options) else { return nil }
        program = try TranslatedFilter.program(translated.expression)
        expression = translated.expression
        looksAtVLANTags = translated.looksAtVLANTags
    }

    init(_ program: ClassicProgram, expression: String) {
        self.program = program
        self.expression = expression
        looksAtVLANTags = false
    }

    /// Runs the filter. Allocates nothing.
    public func matches(_ packet: FilteredPacket) -> Bool {
        var machine = ClassicMachine()
        return machine.run(program, packet) != 0
    }
}

/// Registers and memory of one run of a classic program.
private struct ClassicMachine {
    private var a: UInt32 = 0
    private var x: UInt32 = 0
    private var scratch = InlineArray<16, UInt32>(repeating: 0)

    /// Jumps lead forward only (`ClassicProgram` has seen to that), so this ends.
    mutating func run(_ program: ClassicProgram, _ packet: FilteredPacket) -> UInt32 {
        var next = 0
        while next < program.instructions.count {
            let instruction = program.instructions[next]
            let operation = program.operations[next]
            next += 1
            switch operation {
            case .returnConstant: return instruction.k
            case .returnA: return a
            case .jump: next += Int(instruction.k)
            case .jumpIf(let condition, let operand):
                let holds = holds(condition, operand == .x ? x : instruction.k)
                next += Int(holds ? instruction.jumpTrue : instruction.jumpFalse)
            case .loadPacket(let address, let bytes):
                let value =
                    address == .absolute
                    ? packet.load(bytes, at: UInt64(instruction.k))
                    : packet.loadIndexed(bytes, at: UInt64(instruction.k) + UInt64(x))
                guard let value else { return 0 }
                a = value
            case .loadXHeaderLength:
                guard let value = packet.load(1, at: UInt64(instruction.k)) else { return 0 }
                x = (value & 0xf) * 4
            case .arithmetic(let arithmetic, let operand):
                guard let value = result(arithmetic, operand == .x ? x : instruction.k) else { return 0 }
                a = value
            default:
                move(operation, instruction.k, packet)
            }
        }
        return 0
    }

    private mutating func move(_ operation: ClassicOperation, _ k: UInt32, _ packet: FilteredPacket) {
        switch operation {
        case .loadLength: a = packet.wireLength
        case .loadXLength: x = packet.wireLength
        case .loadConstant: a = k
        case .loadXConstant: x = k
        case .loadScratch: a = scratch[Int(k)]
        case .loadXScratch: x = scratch[Int(k)]
        case .storeA: scratch[Int(k)] = a
        case .storeX: scratch[Int(k)] = x
        case .negate: a = 0 &- a
        case .copyAToX: x = a
        case .copyXToA: a = x
        default: break
        }
    }

    private func holds(_ condition: ClassicOperation.Condition, _ operand: UInt32) -> Bool {
        switch condition {
        case .equal: a == operand
        case .greater: a > operand
        case .greaterOrEqual: a >= operand
        case .anyBitSet: a & operand != 0
        }
    }

    /// nil: a division by zero, which ends the program without a match.
    private func result(_ arithmetic: ClassicOperation.Arithmetic, _ operand: UInt32) -> UInt32? {
        switch arithmetic {
        case .add: a &+ operand
        case .subtract: a &- operand
        case .multiply: a &* operand
        case .divide: operand == 0 ? nil : a / operand
        case .modulo: operand == 0 ? nil : a % operand
        case .or: a | operand
        case .and: a & operand
        case .xor: a ^ operand
        case .shiftLeft: a << operand
        case .shiftRight: a >> operand
        }
    }
}
