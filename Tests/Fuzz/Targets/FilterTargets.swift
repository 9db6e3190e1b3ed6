import CLibPCap
import FilterInterpreter

@testable import PacketFilter

/// Packet filters, compared with libpcap's own interpreter.
enum FilterTargets {
    /// An expression up to a NUL, followed by a frame.
    static func expression(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        let expression = input.text()
        guard let program = try? ClassicProgram(compiling: expression) else { return }
        compare(program, expression, frame: Array(input.rest))
    }

    /// A classic program that libpcap would not make, eight bytes per instruction, followed by a frame.
    static func program(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        // libpcap's interpreter does not clear scratch memory; the translation starts with zeros.
        var instructions = (0..<UInt32(ClassicProgram.scratchWords)).map { ClassicInstruction(code: 0x02, k: $0) }
        for _ in 0..<input.byte() % 32 {
            instructions.append(
                ClassicInstruction(
                    code: UInt16(input.byte()), jumpTrue: input.byte() % 8, jumpFalse: input.byte() % 8,
                    k: input.number()))
        }
        instructions.append(ClassicInstruction(code: 0x16))
        // A shift by more bits than a word has is undefined in libpcap's interpreter, which is written in C.
        guard !instructions.contains(where: { [0x64, 0x74].contains($0.code) && $0.k > 31 }) else { return }
        guard let program = try? ClassicProgram(validating: instructions, expression: "") else { return }
        compare(program, "", frame: Array(input.rest))
    }

    private static func compare(_ program: ClassicProgram, _ expression: String, frame: [UInt8]) {
        guard let translated = try? Translator.translate(program, expression: expression), frame.count >= 14,
            frame.count <= 512
        else { return }
        var instructions = program.instructions.map {
            clibpcap_instruction(code: $0.code, jump_true: $0.jumpTrue, jump_false: $0.jumpFalse, k: $0.k)
        }
        let expected = instructions.withUnsafeMutableBufferPointer { buffer in
            var classic = clibpcap_program(instructions: buffer.baseAddress, count: UInt32(buffer.count))
            return clibpcap_run(&classic, frame, UInt32(frame.count), UInt32(frame.count)) != 0
        }
        let packet = ExtendedInterpreter.Packet(
            linear: Array(frame[14...]), length: frame.count - 14,
            ethertype: UInt16(frame[12]) << 8 | UInt16(frame[13]),
            ethernet: Array(frame[..<14]))
        guard let answer = try? ExtendedInterpreter(translated).run(packet) else {
            fatalError("the translation of '\(expression)' breaks a rule of the verifier")
        }
        precondition((answer == 1) == expected, "'\(expression)' answers \(answer), libpcap \(expected)")
    }
}
