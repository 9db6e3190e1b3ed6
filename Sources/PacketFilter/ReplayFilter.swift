import CNettraceBPF

/// A packet filter that runs in user space, over the packets of a recording.
///
/// Gives the same answers as the kernel's filter, except for bytes that were not captured: a packet does not match if
/// the filter reads beyond the captured bytes.
public struct ReplayFilter: Sendable {
    private let program: ClassicProgram?
    private let lists: FilterLists
    public let views: FilterViews

    /// Returns nil if no filter is set: every packet matches. Refuses what the kernel's filter refuses.
    ///
    /// May block: host names are looked up.
    public init?(_ options: FilterOptions) throws(FilterError) {
        guard let translated = try TranslatedFilter(options) else { return nil }
        program = translated.program
        lists = translated.lists
        views = translated.views
    }

    /// Runs the filter, as match_packet() of BPF/filter/filter_views.h does. Allocates nothing.
    public func matches(_ packet: FilteredPacket) -> Bool {
        let facts = packet.facts
        return packet.frame.withUnsafeBytes { matches(PacketView(facts, over: $0)) }
    }

    private func matches(_ packet: PacketView) -> Bool {
        var view = packet
        if matchesHeaders(of: &view) { return true }
        guard views.insideTunnels || views.insideErrors else { return false }
        for _ in 0..<NETTRACE_INNER_PACKETS {
            guard view.enter(views) else { return false }
            if matchesHeaders(of: &view) { return true }
        }
        return false
    }

    /// Only the expression of a filter that names VLAN tags sees them; the lists and the search for inner packets never
    /// do.
    private func matchesHeaders(of view: inout PacketView) -> Bool {
        var matches = true
        if views.seesTags { matches = program?.matches(view) ?? true }
        view.skipToHeaders(seeingExtensions: views.seesExtensions)
        if !views.seesTags { matches = program?.matches(view) ?? true }
        return matches && (lists.isEmpty || lists.contain(view))
    }
}

extension ClassicProgram {
    /// Whether the program matches the view as it is.
    func matches(_ view: PacketView) -> Bool {
        var machine = ClassicMachine()
        return machine.run(self, view) != 0
    }
}

/// Registers and scratch memory of one run of a classic program.
private struct ClassicMachine {
    private var a: UInt32 = 0
    private var x: UInt32 = 0
    private var scratch = InlineArray<16, UInt32>(repeating: 0)

    /// Terminates, since `ClassicProgram` accepts forward jumps only.
    mutating func run(_ program: ClassicProgram, _ packet: PacketView) -> UInt32 {
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

    private mutating func move(_ operation: ClassicOperation, _ k: UInt32, _ packet: PacketView) {
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

    /// Returns nil for a division by zero, which ends the program without a match.
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
