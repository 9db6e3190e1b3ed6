import CLibBPF
import CNettraceBPF

/// Changes compiled BPF programs before they are loaded. Pure: instructions in, instructions out.
enum ProgramPatcher {
    /// Replaces the body of `nt_packet_filter` (BPF/filter/filter.h) by `filter`, and adjusts the calls that cross it.
    ///
    /// Returns nil if the program has no such function: the compiler drops functions that are not called.
    static func insert(filter: [bpf_insn], into program: [bpf_insn]) -> [bpf_insn]? {
        guard let marker = program.firstIndex(where: { $0.isMove(of: Int32(bitPattern: UInt32(NT_FILTER_MARKER))) })
        else { return nil }
        // libbpf places functions one after the other, and each begins where some call leads to.
        let starts = program.indices.compactMap { program[$0].callTarget(at: $0) }
        let start = starts.filter { $0 <= marker }.max() ?? 0
        let end = starts.filter { $0 > marker }.min() ?? program.count
        let growth = filter.count - (end - start)

        var patched = program
        for index in program.indices {
            guard let target = program[index].callTarget(at: index) else { continue }
            if index < end && target >= end { patched[index].imm += Int32(growth) }
            if index >= end && target <= start { patched[index].imm -= Int32(growth) }
        }
        patched.replaceSubrange(start..<end, with: filter)
        return patched
    }

    /// Writes the cookie into a copy of `nt_tracepoint_template`. Returns nil if the program has no place for it.
    static func insert(cookie: UInt64, into program: [bpf_insn]) -> [bpf_insn]? {
        let marker = UInt64(NT_COOKIE_MARKER)
        guard
            let index = program.indices.dropLast().first(where: {
                program[$0].code == bpf_insn.loadWideImmediate && program[$0].src_reg == 0
                    && program[$0].imm == Int32(truncatingIfNeeded: marker)
                    && program[$0 + 1].imm == Int32(truncatingIfNeeded: marker >> 32)
            })
        else { return nil }
        var patched = program
        patched[index].imm = Int32(truncatingIfNeeded: cookie)
        patched[index + 1].imm = Int32(truncatingIfNeeded: cookie >> 32)
        return patched
    }
}

extension bpf_insn {
    /// BPF_LD | BPF_IMM | BPF_DW, two slots (Documentation/bpf/standardization/instruction-set.rst).
    static let loadWideImmediate: UInt8 = 0x18
    private static let call: UInt8 = 0x85
    private static let pseudoCall: UInt8 = 1  // BPF_PSEUDO_CALL

    fileprivate func isMove(of value: Int32) -> Bool {
        (code == 0xb4 || code == 0xb7) && imm == value
    }

    fileprivate func callTarget(at index: Int) -> Int? {
        code == Self.call && src_reg == Self.pseudoCall ? index + 1 + Int(imm) : nil
    }
}
