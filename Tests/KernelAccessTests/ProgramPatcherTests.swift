import CLibBPF
import CNettraceBPF
import Testing

@testable import KernelAccess

@Suite struct ProgramPatcherTests {
    private let exit = bpf_insn(code: 0x95, dst_reg: 0, src_reg: 0, off: 0, imm: 0)
    private let filter = [
        bpf_insn(code: 0xb7, dst_reg: 0, src_reg: 0, off: 0, imm: 1),
        bpf_insn(code: 0xb7, dst_reg: 0, src_reg: 0, off: 0, imm: 2),
        bpf_insn(code: 0xb7, dst_reg: 0, src_reg: 0, off: 0, imm: 3),
        bpf_insn(code: 0x95, dst_reg: 0, src_reg: 0, off: 0, imm: 0),
    ]
    private var marker: bpf_insn {
        bpf_insn(code: 0xb7, dst_reg: 0, src_reg: 0, off: 0, imm: Int32(bitPattern: UInt32(NT_FILTER_MARKER)))
    }

    private func call(_ offset: Int32) -> bpf_insn {
        bpf_insn(code: 0x85, dst_reg: 0, src_reg: 1, off: 0, imm: offset)
    }

    @Test func theFilterReplacesTheBodyOfTheFunction() throws {
        let program = [call(1), exit, marker, exit]
        let patched = try #require(ProgramPatcher.insert(filter: filter, into: program))
        #expect(patched.map(\.imm) == [1, 0, 1, 2, 3, 0])
    }

    @Test func callsAcrossTheFilterMoveWithIt() throws {
        // main calls the filter (at 3) and another function (at 5), which calls the filter back.
        let program = [call(2), call(3), exit, marker, exit, call(-3), exit]
        let patched = try #require(ProgramPatcher.insert(filter: filter, into: program))
        #expect(patched.count == program.count + 2)
        #expect(patched[0].imm == 2, "to the filter, which begins where it did")
        #expect(1 + 1 + Int(patched[1].imm) == 7, "to the other function, two further on")
        #expect(7 + 1 + Int(patched[7].imm) == 3, "and back from there")
    }

    @Test func aProgramWithoutTheMarkerIsLeftAlone() {
        #expect(ProgramPatcher.insert(filter: filter, into: [exit]) == nil)
        #expect(ProgramPatcher.insert(cookie: 1, into: [exit]) == nil)
    }

    @Test func theCookieIsWrittenInTwoHalves() throws {
        let low = Int32(truncatingIfNeeded: UInt64(NT_COOKIE_MARKER))
        let high = Int32(truncatingIfNeeded: UInt64(NT_COOKIE_MARKER) >> 32)
        let program = [
            bpf_insn(code: 0x18, dst_reg: 1, src_reg: 0, off: 0, imm: low),
            bpf_insn(code: 0, dst_reg: 0, src_reg: 0, off: 0, imm: high),
            exit,
        ]
        let patched = try #require(ProgramPatcher.insert(cookie: 0x1122_3344_9566_7788, into: program))
        #expect(UInt32(bitPattern: patched[0].imm) == 0x9566_7788)
        #expect(UInt32(bitPattern: patched[1].imm) == 0x1122_3344)
    }
}
