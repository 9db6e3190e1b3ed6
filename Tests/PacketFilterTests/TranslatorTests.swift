import CLibPCap
import FilterInterpreter
import Testing

@testable import PacketFilter

/// Programs that libpcap never produces, and the limits.
@Suite struct TranslatorTests {
    private func translated(_ instructions: [ClassicInstruction]) throws -> [UInt64] {
        let program = try ClassicProgram(validating: instructions, expression: "test")
        return try Translator.translate(program, expression: "test")
    }

    private let packet = ExtendedInterpreter.Packet(linear: Array(0..<60), length: 90, ethertype: 0x0800, ethernet: nil)

    @Test func randomProgramsGiveTheAnswerOfLibpcap() throws {
        var random = SeededGenerator(seed: 4)
        var accepted = 0
        for _ in 0..<3000 {
            let instructions = RandomProgram.make(using: &random)
            let interpreter = ExtendedInterpreter(try translated(instructions))
            let count = Int.random(in: 14...200, using: &random)
            let frame = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let length = count + Int.random(in: 0...50, using: &random)
            var raw = instructions.map {
                clibpcap_instruction(code: $0.code, jump_true: $0.jumpTrue, jump_false: $0.jumpFalse, k: $0.k)
            }
            let expected = raw.withUnsafeMutableBufferPointer { buffer in
                var program = clibpcap_program(instructions: buffer.baseAddress, count: UInt32(buffer.count))
                return clibpcap_run(&program, frame, UInt32(length), UInt32(count))
            }
            let packet = ExtendedInterpreter.Packet(
                linear: Array(frame[14...]), length: length - 14,
                ethertype: UInt16(frame[12]) << 8 | UInt16(frame[13]), ethernet: Array(frame[..<14]))
            #expect(try interpreter.run(packet) == (expected == 0 ? 0 : 1), "\(instructions)")
            accepted += expected == 0 ? 0 : 1
        }
        #expect(500...2500 ~= accepted, "one answer dominates: \(accepted)")
    }

    @Test(arguments: [(0x64, 32), (0x64, 255), (0x74, 32), (0x74, 0xffff_ffff)] as [(UInt16, UInt32)])
    func shiftsByMoreThanAWordGiveZero(code: UInt16, k: UInt32) throws {
        let program = try translated([
            .init(code: 0x00, k: 0xffff_ffff), .init(code: code, k: k),
            .init(code: 0x15, jumpTrue: 0, jumpFalse: 1, k: 0), .init(code: 0x06, k: 1), .init(code: 0x06, k: 0),
        ])
        #expect(try ExtendedInterpreter(program).run(packet) == 1)
    }

    @Test func unreachableInstructionsAreLeftOut() throws {
        let return1 = ClassicInstruction(code: 0x06, k: 1)
        let load = ClassicInstruction(code: 0x20, k: 20)
        let short = try translated([return1])
        #expect(try translated([.init(code: 0x05, k: 2), load, load, return1]).count <= short.count)
        #expect(try translated([return1, load, load, return1]) == short)
    }

    @Test func checkedBytesAreNotCheckedAgain() throws {
        let load = ClassicInstruction(code: 0x30, k: 40)
        let end = ClassicInstruction(code: 0x16)
        let once = try translated([load, end]).count
        #expect(try translated([load, load, end]).count == once + 1)
    }

    @Test(arguments: [UInt32(13 + 60), 0])
    func whatOnlyOnePathHasCheckedIsCheckedWhereTheyMeet(offset: UInt32) throws {
        // If the jump is not taken, the first load must not vouch for the second: A is 0 at L3, never the 1 that the
        // jump compares with.
        let program = try translated([
            .init(code: 0x30, k: 14), .init(code: 0x15, jumpTrue: 0, jumpFalse: 1, k: 1),
            .init(code: 0x30, k: offset), .init(code: 0x30, k: offset), .init(code: 0x06, k: 1),
        ])
        var packet = packet
        packet.linear.removeLast()
        #expect(try ExtendedInterpreter(program).run(packet) == 0)
        packet.linear.append(0)
        packet.ethernet = Array(repeating: 0, count: 14)
        #expect(try ExtendedInterpreter(program).run(packet) == 1)
    }

    @Test(arguments: [(0, 0), (10, 1), (12, 1), (13, 0)] as [(UInt32, UInt32)])
    func computedOffsetsStayOutOfAMissingEthernetHeader(offset: UInt32, x: UInt32) throws {
        func verdict(x: UInt32, _ packet: ExtendedInterpreter.Packet) throws -> UInt64 {
            let program = try translated([
                .init(code: 0x01, k: x), .init(code: 0x50, k: offset), .init(code: 0x06, k: 1),
            ])
            return try ExtendedInterpreter(program).run(packet)
        }
        var packet = packet
        #expect(try verdict(x: x, packet) == 0)
        #expect(try verdict(x: 14 - offset, packet) == 1)
        #expect(try verdict(x: 20, packet) == 1)
        packet.ethernet = Array(repeating: 7, count: 14)
        #expect(try verdict(x: x, packet) == 1)
    }

    @Test func theLargestProgramIsTranslated() throws {
        let body = (0..<4095).map { ClassicInstruction(code: 0x28, k: UInt32(14 + $0 % 60)) }
        let program = try translated(body + [.init(code: 0x06, k: 1)])
        #expect(program.count > 4096)
        #expect(try ExtendedInterpreter(program).run(packet) == 0)
        #expect(throws: FilterError.tooLarge(expression: "test")) {
            try translated(body + body + [.init(code: 0x06, k: 1)])
        }
    }

    @Test func jumpsThatEBPFCannotEncodeAreAnError() throws {
        let body = (0..<4095).map { _ in ClassicInstruction(code: 0x48, k: 14) }
        #expect(throws: FilterError.tooLarge(expression: "test")) { try translated(body + [.init(code: 0x16)]) }
    }

    @Test(arguments: [
        [], [ClassicInstruction(code: 0x30)],
        [.init(code: 0x05, k: 1), .init(code: 0x06)],
        [.init(code: 0x05, k: 0xffff_ffff), .init(code: 0x06)],
        [.init(code: 0x15, jumpTrue: 1, jumpFalse: 0), .init(code: 0x06)],
        [.init(code: 0x60, k: 16), .init(code: 0x06)],
        [.init(code: 0x34, k: 0), .init(code: 0x06)],
        [.init(code: 0x94, k: 0), .init(code: 0x06)],
        [.init(code: 0x28, k: 0xffff_f004), .init(code: 0x06)],
        [.init(code: 0x7f), .init(code: 0x06)],
        [.init(code: 0x06), .init(code: 0x30)],
    ])
    func programsThatCouldNotRunAreRefused(instructions: [ClassicInstruction]) {
        #expect(throws: FilterError.self) { try translated(instructions) }
    }
}
