import BPFCode

/// `struct bpf_insn` of include/uapi/linux/bpf.h.
struct Slot {
    let code: UInt8
    let destination: UInt8
    let source: UInt8
    let offset: Int16
    let immediate: Int32

    init(_ encoded: UInt64) {
        code = UInt8(truncatingIfNeeded: encoded)
        destination = UInt8(encoded >> 8 & 0xf)
        source = UInt8(encoded >> 12 & 0xf)
        offset = Int16(truncatingIfNeeded: encoded >> 16)
        immediate = Int32(truncatingIfNeeded: encoded >> 32)
    }
}

/// Registers, stacks and the next instruction of a running program.
struct Machine {
    static let stackTop: UInt64 = 0x2_0000_0000
    /// The stacks of nested functions lie apart, so that none reaches into another.
    private static let stackDistance: UInt64 = 0x1_0000
    private static let deepestCall = 8  // MAX_CALL_FRAMES

    /// nil: the register has no value yet, or a call has taken it.
    private var registers = [UInt64?](repeating: nil, count: 11)
    private var next = 0
    private var callers: [(next: Int, saved: [UInt64?])] = []
    private let stackSize: Int
    var kernel: ModelKernel

    init(_ kernel: ModelKernel, context: UInt64, stackSize: Int) {
        self.kernel = kernel
        self.stackSize = stackSize
        registers[1] = context
        enterStack()
    }

    /// Runs to the exit and returns r0.
    mutating func run(_ program: [Slot], limit: Int) throws -> UInt64 {
        for _ in 0..<limit {
            guard program.indices.contains(next) else { throw Fault.endless }
            if try step(program) { return try value(0) }
        }
        throw Fault.endless
    }

    func value(_ register: UInt8) throws -> UInt64 {
        guard Int(register) < registers.count, let value = registers[Int(register)] else {
            throw Fault.uninitialisedRegister(register)
        }
        return value
    }

    /// Runs one instruction. Returns true at the last exit.
    private mutating func step(_ program: [Slot]) throws -> Bool {
        let slot = program[next]
        next += 1
        switch slot.code & 0x07 {
        case 0x00 where slot.code == 0x18:
            guard program.indices.contains(next) else { throw Fault.endless }
            try loadWide(slot, program[next])
        case 0x01 where slot.code & 0xe0 == 0x60:
            try set(slot.destination, kernel.memory.load(address(slot.source, slot.offset), slot.bytes))
        case 0x02 where slot.code & 0xe0 == 0x60:
            try kernel.memory.store(
                UInt64(bitPattern: Int64(slot.immediate)), address(slot.destination, slot.offset), slot.bytes)
        case 0x03 where slot.code & 0xe0 == 0x60:
            try kernel.memory.store(value(slot.source), address(slot.destination, slot.offset), slot.bytes)
        case 0x03 where slot.code == 0xc3 || slot.code == 0xdb:
            try atomic(slot)
        case 0x04 where slot.code == 0xdc || slot.code == 0xd4:
            try set(slot.destination, ALU.converted(value(slot.destination), slot))
        case 0x04:
            let left = try slot.readsDestination ? UInt32(truncatingIfNeeded: value(slot.destination)) : 0
            let right = try UInt32(truncatingIfNeeded: operand(slot))
            try set(slot.destination, UInt64(ALU.computed(slot.code, left, right)))
        case 0x07:
            let left = try slot.readsDestination ? value(slot.destination) : 0
            try set(slot.destination, ALU.computed(slot.code, left, operand(slot)))
        case 0x05 where slot.code == 0x95:
            return try leave()
        case 0x05 where slot.code == 0x85:
            try call(slot)
        case 0x05 where slot.code == 0x05:
            next += Int(slot.offset)
        case 0x05:
            if try ALU.holds(slot.code, value(slot.destination), operand(slot)) { next += Int(slot.offset) }
        case 0x06:
            let left = try UInt32(truncatingIfNeeded: value(slot.destination))
            let right = try UInt32(truncatingIfNeeded: operand(slot))
            if try ALU.holds(slot.code, left, right) { next += Int(slot.offset) }
        default:
            throw Fault.unknownInstruction(slot.code)
        }
        return false
    }

    private mutating func set(_ register: UInt8, _ value: UInt64) throws {
        guard register < 10 else { throw Fault.access(Self.stackTop) }
        registers[Int(register)] = value
    }

    private func operand(_ slot: Slot) throws -> UInt64 {
        slot.code & 0x08 == 0 ? UInt64(bitPattern: Int64(slot.immediate)) : try value(slot.source)
    }

    private func address(_ register: UInt8, _ offset: Int16) throws -> UInt64 {
        try value(register) &+ UInt64(bitPattern: Int64(offset))
    }

    private mutating func loadWide(_ slot: Slot, _ second: Slot) throws {
        next += 1
        switch slot.source {
        case 0:
            let low = UInt64(UInt32(bitPattern: slot.immediate))
            try set(slot.destination, UInt64(UInt32(bitPattern: second.immediate)) << 32 | low)
        case 1: try set(slot.destination, kernel.pointer(toMap: slot.immediate))
        case 2:
            let start = try kernel.firstValue(ofMap: slot.immediate)
            try set(slot.destination, start &+ UInt64(bitPattern: Int64(second.immediate)))
        default: throw Fault.unknownInstruction(slot.code)
        }
    }

    private mutating func atomic(_ slot: Slot) throws {
        guard let operation = Instruction.AtomicOperation(rawValue: slot.immediate) else {
            throw Fault.unknownInstruction(slot.code)
        }
        let place = try address(slot.destination, slot.offset)
        guard place.isMultiple(of: UInt64(slot.bytes)) else { throw Fault.misaligned(place) }
        let old = try kernel.memory.load(place, slot.bytes)
        let operand = try value(slot.source)
        let isSwapped = try operation != .compareExchange || ALU.lower(value(0), slot.bytes) == old
        if isSwapped { try kernel.memory.store(ALU.updated(old, operation, operand), place, slot.bytes) }
        switch operation {
        case .add, .or, .and, .xor: break
        case .compareExchange: registers[0] = old
        case .fetchAdd, .fetchOr, .fetchAnd, .fetchXor, .exchange: try set(slot.source, old)
        }
    }
}

// MARK: Calls

extension Machine {
    private var stackEnd: UInt64 { Self.stackTop + UInt64(callers.count) * Self.stackDistance }

    private mutating func enterStack() {
        kernel.memory.add(
            [UInt8](repeating: 0, count: stackSize), at: stackEnd - UInt64(stackSize), .writable, isAligned: true,
            isWritten: false)
        registers[10] = stackEnd
    }

    private mutating func call(_ slot: Slot) throws {
        guard slot.source == 1 else {
            let arguments = Array(registers[1...5])
            for register in 0...5 { registers[register] = nil }
            guard let helper = Helper(rawValue: slot.immediate) else { throw Fault.unknownHelper(slot.immediate) }
            registers[0] = try kernel.call(helper, HelperArguments(values: arguments))
            return
        }
        guard callers.count + 1 < Self.deepestCall else { throw Fault.endless }
        callers.append((next, registers))
        next += Int(slot.immediate)
        for register in [0, 6, 7, 8, 9] { registers[register] = nil }
        enterStack()
    }

    private mutating func leave() throws -> Bool {
        kernel.memory.remove(at: stackEnd - UInt64(stackSize))
        guard let caller = callers.popLast() else { return true }
        next = caller.next
        let result = registers[0]
        registers = caller.saved
        for register in 1...5 { registers[register] = nil }
        registers[0] = result
        return false
    }
}
