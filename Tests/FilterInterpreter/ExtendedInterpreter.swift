import PacketFilter

/// Runs eBPF instructions as the kernel does, for tests: the subset that the translator emits, with the verifier's
/// rules about the stack (aligned, in bounds, written before it is read).
public struct ExtendedInterpreter {
    public enum Fault: Error, Equatable {
        case unknownInstruction(UInt8), access(UInt64), misaligned(UInt64), uninitialised(UInt64), endless
    }

    /// The argument of the subprogram.
    public struct Packet {
        /// The bytes from the L3 header on that lie in the linear area.
        public var linear: [UInt8]
        /// Bytes from the L3 header on, fragments included.
        public var length: Int
        public var ethertype: UInt16
        /// The 14 bytes of the Ethernet header; nil if there is none.
        public var ethernet: [UInt8]?

        public init(linear: [UInt8], length: Int, ethertype: UInt16, ethernet: [UInt8]?) {
            self.linear = linear
            self.length = length
            self.ethertype = ethertype
            self.ethernet = ethernet
        }
    }

    private static let contextBase: UInt64 = 0x1_0000_0000
    private static let stackTop: UInt64 = 0x2_0000_0000
    private static let stackSize = 96
    private static let packetBase: UInt64 = 0xffff_8000_0000_0000

    /// struct bpf_insn of include/uapi/linux/bpf.h.
    private struct Instruction {
        var code: UInt8
        var destination: UInt8
        var source: UInt8
        var offset: Int16
        var immediate: Int32
    }

    private let program: [Instruction]

    public init(_ encoded: [UInt64]) {
        program = encoded.map {
            Instruction(
                code: UInt8(truncatingIfNeeded: $0), destination: UInt8($0 >> 8 & 0xf), source: UInt8($0 >> 12 & 0xf),
                offset: Int16(truncatingIfNeeded: $0 >> 16), immediate: Int32(truncatingIfNeeded: $0 >> 32))
        }
    }

    public func run(_ packet: Packet) throws -> UInt64 {
        var machine = Machine(packet)
        // Jumps lead forward only, so no run is longer than the program.
        for _ in program.indices {
            guard program.indices.contains(machine.next) else { throw Fault.endless }
            if try machine.step(program[machine.next]) { return machine.registers[0] }
        }
        throw Fault.endless
    }

    private struct Machine {
        var registers = [UInt64](repeating: 0xdead_beef_dead_beef, count: 11)
        var next = 0
        var stack = [UInt8](repeating: 0, count: stackSize)
        var isWritten = [Bool](repeating: false, count: stackSize)
        let context: [UInt8]
        let packet: Packet

        init(_ packet: Packet) {
            self.packet = packet
            var context = [UInt8](repeating: 0, count: FilterContextLayout.size)
            func put<T: FixedWidthInteger>(_ value: T, at offset: Int16) {
                withUnsafeBytes(of: value) { context.replaceSubrange(Int(offset)..<Int(offset) + $0.count, with: $0) }
            }
            let l3Capacity = FilterContextLayout.dataSize - FilterContextLayout.ethernetLength
            let copied = packet.linear.prefix(l3Capacity)
            put(packetBase, at: FilterContextLayout.l3Address)
            put(UInt32(packet.length), at: FilterContextLayout.l3Length)
            put(UInt32(packet.linear.count), at: FilterContextLayout.l3Linear)
            put(UInt32(copied.count), at: FilterContextLayout.captured)
            put(packet.ethertype, at: FilterContextLayout.ethertype)
            put(UInt16(packet.ethernet == nil ? 0 : 1), at: FilterContextLayout.hasEthernet)
            let data = Int(FilterContextLayout.data)
            context.replaceSubrange(data..<data + 14, with: packet.ethernet ?? Array(repeating: 0, count: 14))
            context.replaceSubrange(data + 14..<data + 14 + copied.count, with: copied)
            // Uncaptured bytes are garbage in the kernel.
            for index in data + 14 + copied.count..<context.count { context[index] = 0xa5 }
            self.context = context
            registers[1] = contextBase
            registers[10] = stackTop
        }

        /// Runs one instruction. Returns true at the exit.
        mutating func step(_ instruction: Instruction) throws -> Bool {
            next += 1
            let code = instruction.code
            let destination = Int(instruction.destination)
            let immediate = UInt64(bitPattern: Int64(instruction.immediate))
            let operand = code & 0x08 == 0 ? immediate : registers[Int(instruction.source)]
            switch code & 0x07 {
            case 0x01 where code & 0xe0 == 0x60:
                let address = registers[Int(instruction.source)] &+ UInt64(bitPattern: Int64(instruction.offset))
                registers[destination] = try load(address, width(code))
            case 0x03 where code & 0xe0 == 0x60:
                let address = registers[destination] &+ UInt64(bitPattern: Int64(instruction.offset))
                try store(registers[Int(instruction.source)], address, width(code))
            case 0x04 where code == 0xdc:
                let value = registers[destination]
                registers[destination] =
                    instruction.immediate == 16
                    ? UInt64(UInt16(truncatingIfNeeded: value).bigEndian)
                    : UInt64(UInt32(truncatingIfNeeded: value).bigEndian)
            case 0x04:
                let left = UInt32(truncatingIfNeeded: registers[destination])
                registers[destination] = UInt64(try arithmetic(code, left, UInt32(truncatingIfNeeded: operand)))
            case 0x07:
                registers[destination] = try arithmetic(code, registers[destination], operand)
            case 0x05 where code == 0x95:
                return true
            case 0x05 where code == 0x85 && instruction.immediate == 113:
                try probeRead()
            case 0x05 where code == 0x05:
                next += Int(instruction.offset)
            case 0x05:
                if try holds(code, registers[destination], operand) { next += Int(instruction.offset) }
            case 0x06:
                let left = UInt32(truncatingIfNeeded: registers[destination])
                if try holds(code, left, UInt32(truncatingIfNeeded: operand)) { next += Int(instruction.offset) }
            default:
                throw Fault.unknownInstruction(code)
            }
            return false
        }

        private func width(_ code: UInt8) -> Int {
            switch code & 0x18 {
            case 0x00: 4
            case 0x08: 2
            case 0x10: 1
            default: 8
            }
        }

        private func arithmetic<T: FixedWidthInteger & UnsignedInteger>(_ code: UInt8, _ a: T, _ b: T) throws -> T {
            switch code & 0xf0 {
            case 0x00: a &+ b
            case 0x10: a &- b
            case 0x20: a &* b
            case 0x30: b == 0 ? 0 : a / b
            case 0x40: a | b
            case 0x50: a & b
            case 0x60: a &<< b
            case 0x70: a &>> b
            case 0x80: 0 &- a
            case 0x90: b == 0 ? a : a % b
            case 0xa0: a ^ b
            case 0xb0: b
            default: throw Fault.unknownInstruction(code)
            }
        }

        private func holds<T: FixedWidthInteger & UnsignedInteger>(_ code: UInt8, _ a: T, _ b: T) throws -> Bool {
            switch code & 0xf0 {
            case 0x10: a == b
            case 0x20: a > b
            case 0x30: a >= b
            case 0x40: a & b != 0
            case 0x50: a != b
            case 0xa0: a < b
            case 0xb0: a <= b
            default: throw Fault.unknownInstruction(code)
            }
        }

        private func load(_ address: UInt64, _ width: Int) throws -> UInt64 {
            guard address.isMultiple(of: UInt64(width)) else { throw Fault.misaligned(address) }
            if contextBase..<contextBase + UInt64(context.count) ~= address {
                return Self.value(context, Int(address - contextBase), width)
            }
            let index = try stackIndex(address, width)
            guard isWritten[index..<index + width].allSatisfy(\.self) else { throw Fault.uninitialised(address) }
            return Self.value(stack, index, width)
        }

        private static func value(_ bytes: [UInt8], _ index: Int, _ width: Int) -> UInt64 {
            var result: UInt64 = 0
            for offset in (0..<width).reversed() { result = result << 8 | UInt64(bytes[index + offset]) }
            return result
        }

        private mutating func store(_ value: UInt64, _ address: UInt64, _ width: Int) throws {
            guard address.isMultiple(of: UInt64(width)) else { throw Fault.misaligned(address) }
            let index = try stackIndex(address, width)
            for offset in 0..<width {
                stack[index + offset] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(offset)))
                isWritten[index + offset] = true
            }
        }

        private func stackIndex(_ address: UInt64, _ width: Int) throws -> Int {
            let bottom = stackTop - UInt64(stackSize)
            guard address >= bottom, address + UInt64(width) <= stackTop else { throw Fault.access(address) }
            return Int(address - bottom)
        }

        /// Reading outside of the packet is a fault here, although the real helper would only fail: the filter must not
        /// try.
        private mutating func probeRead() throws {
            let (target, count, source) = (registers[1], Int(registers[2]), registers[3])
            for register in 1...5 { registers[register] = 0xdead_beef_dead_beef }
            registers[0] = 0
            for offset in 0..<count {
                let index = Int64(bitPattern: source &- packetBase) + Int64(offset)
                let byte: UInt8
                if packet.linear.indices.contains(Int(index)) {
                    byte = packet.linear[Int(index)]
                } else if let ethernet = packet.ethernet, -14..<0 ~= index {
                    byte = ethernet[Int(index) + 14]
                } else {
                    throw Fault.access(source)
                }
                try store(UInt64(byte), target + UInt64(offset), 1)
            }
        }
    }
}
