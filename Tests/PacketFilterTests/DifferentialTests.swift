import CLibPCap
import FilterInterpreter
import Testing

@testable import PacketFilter

/// Compares translated programs with libpcap's own interpreter, on the same packets.
@Suite struct DifferentialTests {
    /// One expression, compiled by both.
    private final class Pair {
        private var classic = clibpcap_program()
        private let translated: ExtendedInterpreter

        init(_ expression: String) throws {
            let program = try ClassicProgram(compiling: expression)
            translated = ExtendedInterpreter(try Translator.translate(program, expression: expression))
            var message = [CChar](repeating: 0, count: Int(CLIBPCAP_ERROR_SIZE))
            try #require(clibpcap_compile(expression, 1, 0x40000, &classic, &message) == 0)
        }

        deinit {
            clibpcap_free(&classic)
        }

        /// - Parameter captured: bytes of the frame that lie in the linear area.
        func agrees(_ frame: [UInt8], length: Int, captured: Int, hasEthernet: Bool) throws -> (Bool, matched: Bool) {
            let expected = clibpcap_run(&classic, frame, UInt32(length), UInt32(captured)) != 0
            let packet = ExtendedInterpreter.Packet(
                linear: Array(frame[14..<captured]), length: length - 14,
                ethertype: UInt16(frame[12]) << 8 | UInt16(frame[13]),
                ethernet: hasEthernet ? Array(frame[..<14]) : nil)
            return (try translated.run(packet) == (expected ? 1 : 0), expected)
        }
    }

    @Test func everyExpressionGivesTheAnswerOfLibpcap() throws {
        var random = SeededGenerator(seed: 2)
        var runs = 0
        var withBothAnswers = 0
        for expression in ExpressionCorpus.aboveEthernet + ExpressionCorpus.onEthernetAddresses {
            let pair = try Pair(expression)
            var matches = 0
            let needsEthernet = ExpressionCorpus.onEthernetAddresses.contains(expression)
            let frames = PacketCorpus.frames(1000, using: &random)
            for frame in frames {
                let captured = Bool.random(using: &random) ? frame.count : .random(in: 14...frame.count, using: &random)
                for hasEthernet in needsEthernet ? [true] : [true, false] {
                    let (agrees, matched) = try pair.agrees(
                        frame, length: frame.count, captured: captured, hasEthernet: hasEthernet)
                    #expect(agrees, "\(expression): \(frame), \(captured) bytes linear, Ethernet: \(hasEthernet)")
                    matches += matched ? 1 : 0
                    runs += 1
                }
            }
            if matches > 0 && matches < frames.count { withBothAnswers += 1 }
        }
        #expect(runs >= 200_000)
        #expect(withBothAnswers >= 80, "the packets exercise too few expressions")
    }

    @Test(arguments: [
        "ether host 02:00:00:00:00:01", "ether multicast", "not ether src 02:00:00:00:00:01", "ether[3:4] = 0",
        "ether[10:4] >= 0x800", "ether[11:2] >= 0", "ether[ip[8] & 7] >= 0",
    ])
    func ethernetAddressesAreNeverFoundWithoutHeader(expression: String) throws {
        let program = try ClassicProgram(compiling: expression)
        let interpreter = ExtendedInterpreter(try Translator.translate(program, expression: expression))
        var random = SeededGenerator(seed: 3)
        for frame in PacketCorpus.frames(200, using: &random) {
            let packet = ExtendedInterpreter.Packet(
                linear: Array(frame[14...]), length: frame.count - 14,
                ethertype: UInt16(frame[12]) << 8 | UInt16(frame[13]), ethernet: nil)
            #expect(try interpreter.run(packet) == 0)
        }
    }
}
