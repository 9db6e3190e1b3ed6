import BPFCode

/// Each kind of instruction once, and all registers.
enum InstructionSamples {
    typealias Make = (Label) -> Instruction

    static var all: [Make] { arithmetic + memory + jumps + rest }

    private static let widths = Instruction.Width.allCases

    private static var arithmetic: [Make] {
        widths.flatMap { width in
            Instruction.Arithmetic.allCases.flatMap { operation -> [Make] in
                [
                    { _ in .arithmetic(width, operation, .r3, .register(.r9)) },
                    { _ in .arithmetic(width, operation, .r4, .immediate(7)) },
                ]
            } + [{ _ in .negate(width, .r5) }]
        }
            + Instruction.ByteOrder.allCases.flatMap { order in
                [16, 32, 64].map { bits in { _ in .convert(order, bits: bits, .r2) } }
            }
            + (UInt8(0)..<10).compactMap(Register.init(rawValue:)).map { register in
                { _ in .arithmetic(.double, .xor, register, .immediate(-1)) }
            }
            + [{ _ in .arithmetic(.double, .move, .r6, .register(.frame)) }]
    }

    private static var memory: [Make] {
        Instruction.Size.allCases.flatMap { size -> [Make] in
            [
                { _ in .load(size, .r1, from: .r7, 8) },
                { _ in .load(size, .r8, from: .frame, -16) },
                { _ in .store(size, .r2, to: .frame, -24) },
                { _ in .store(size, .immediate(-5), to: .r9, 32) },
            ]
        }
            + widths.flatMap { width in
                Instruction.AtomicOperation.allCases.map { operation in
                    { _ in .atomic(operation, width, .r3, at: .r6, 8) }
                }
            }
    }

    private static var jumps: [Make] {
        widths.flatMap { width in
            Instruction.Condition.allCases.flatMap { condition -> [Make] in
                [
                    { .branch(width, condition, .r1, .register(.r2), $0) },
                    { .branch(width, condition, .r7, .immediate(-3), $0) },
                ]
            }
        } + [{ .jump($0) }]
    }

    private static var rest: [Make] {
        [
            { _ in .constant(.r5, 0x1122_3344_5566_7788) },
            { _ in .constant(.r0, 0xffff_ffff_ffff_fffe) },
            { _ in .exit },
        ]
    }
}
