import BPFCode
import FoundationEssentials
import Testing

/// Instructions as LLVM's assembler encodes them (Fixtures/instructions.txt, made by Fixtures/assemble).
@Suite struct EncodingTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    private static func lines(_ name: String) throws -> [Substring] {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n")
    }

    /// The listing and the bytes of an instruction. Jumps lead over five others, as in the fixture.
    private func assembled(_ make: (Label) -> Instruction) throws -> (text: String, bytes: [UInt8]) {
        var assembler = Assembler()
        let target = assembler.makeLabel()
        let instruction = make(target)
        assembler.emit(instruction)
        for _ in 0..<5 { assembler.emit(.exit) }
        assembler.place(target)
        assembler.emit(.exit)
        let code = assembler.finished()
        let text =
            try #require(code.listing.split(separator: "\n").first).dropFirst(2)
            .replacing("L1", with: "+5") as Substring
        let encoded = try code.encoded().prefix(instruction.slots)
        return (String(text), encoded.flatMap { withUnsafeBytes(of: $0) { Array($0) } })
    }

    @Test func everyInstructionHasTheBytesOfLLVM() throws {
        var expected: [String: [UInt8]] = [:]
        for line in try Self.lines("instructions.txt") {
            let parts = line.split(separator: "\t")
            expected[String(parts[0])] = parts[1].split(separator: " ").compactMap { UInt8($0, radix: 16) }
        }
        for make in InstructionSamples.all {
            let (text, bytes) = try assembled(make)
            let ofLLVM = expected.removeValue(forKey: text)
            #expect(bytes == ofLLVM, "\(text)")
        }
        #expect(expected.isEmpty, "no sample for \(expected.keys.sorted())")
    }

    @Test func helpersHaveTheKernelsNamesAndNumbers() throws {
        var names: [Int32: Substring] = [:]
        for line in try Self.lines("helpers.txt") {
            let parts = line.split(separator: " ")
            names[try #require(Int32(parts[0]))] = parts[1]
        }
        for helper in Helper.allCases {
            #expect(helper.name == names[helper.rawValue].map(String.init))
        }
        let (text, bytes) = try assembled { _ in .call(.probeReadKernel) }
        #expect(text == "call probe_read_kernel")
        #expect(bytes == [0x85, 0, 0, 0, 113, 0, 0, 0])
    }

    /// BPF_PSEUDO_MAP_FD and BPF_PSEUDO_MAP_VALUE of include/uapi/linux/bpf.h.
    @Test func mapsAreNumbersOnlyWhenEncoded() throws {
        let map = Map("counts", .array, valueSize: 64, entries: 1)
        var assembler = Assembler()
        assembler.emit(.map(.r1, map))
        assembler.emit(.mapValue(.r2, of: map, offset: 24))
        assembler.emit(.exit)
        let code = assembler.finished()
        #expect(code.maps == ["counts"])
        #expect(code.listing == "  r1 = map counts\n  r2 = &counts+24\n  exit\n")
        #expect(throws: EncodingError.unknownMap("counts")) { try code.encoded() }
        #expect(try code.encoded(maps: ["counts": 7]) == [0x7_0000_1118, 0, 0x7_0000_2218, 24 << 32, 0x95])
    }

    @Test func jumpsCountSlots() throws {
        var assembler = Assembler()
        let start = assembler.makeLabel()
        let end = assembler.makeLabel()
        assembler.place(start)
        assembler.emit(.jump64(.equal, .r1, 0, to: end))
        assembler.emit(.constant(.r2, 1))
        assembler.emit(.jump(start))
        assembler.place(end)
        assembler.emit(.exit)
        let offsets = try assembler.finished().encoded().map { Int16(truncatingIfNeeded: $0 >> 16) }
        #expect(offsets == [3, 0, 0, -4, 0])
    }

    /// BPF_PSEUDO_CALL of include/uapi/linux/bpf.h: the distance is the immediate.
    @Test func functionsAreCalledByDistance() throws {
        let (text, bytes) = try assembled { .callFunction($0) }
        #expect(text == "call +5")
        #expect(bytes == [0x85, 0x10, 0, 0, 5, 0, 0, 0])
    }

    @Test func aJumpThatIsTooFarIsAnError() throws {
        func code(_ count: Int) -> Code {
            var assembler = Assembler()
            let end = assembler.makeLabel()
            assembler.emit(.jump(end))
            for _ in 0..<count { assembler.emit(.exit) }
            assembler.place(end)
            assembler.emit(.exit)
            return assembler.finished()
        }
        #expect(try code(32767).encoded().count == 32769)
        #expect(throws: EncodingError.jumpTooFar(at: 0)) { try code(32768).encoded() }
    }

    @Test func aLabelThatIsNowhereIsAnError() {
        var assembler = Assembler()
        assembler.emit(.jump(assembler.makeLabel()))
        #expect(throws: EncodingError.unplacedLabel(at: 0)) { try assembler.finished().encoded() }
    }
}
