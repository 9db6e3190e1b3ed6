import CLibBPF
import Glibc

/// A BPF program that returns 0, attached like nettrace's own: the floor under every figure, since the kernel's
/// time-taking is in it too.
struct EmptyProgram: ~Copyable {
    private let program: Int32
    private let link: Int32

    /// On a tracepoint.
    init(tracepoint: String) throws(BenchmarkError) {
        let program = try Self.load(BPF_PROG_TYPE_RAW_TRACEPOINT, attachType: nil)
        try self.init(program, link: bpf_raw_tracepoint_open(tracepoint, program), to: tracepoint)
    }

    /// On a function's entry, with kprobe.multi (Linux 5.18, CONFIG_FPROBE).
    init(function: String) throws(BenchmarkError) {
        let program = try Self.load(BPF_PROG_TYPE_KPROBE, attachType: BPF_TRACE_KPROBE_MULTI)
        let link = function.withCString { name in
            var names: [UnsafePointer<CChar>?] = [name]
            return names.withUnsafeMutableBufferPointer { names in
                var options = bpf_link_create_opts()
                options.sz = MemoryLayout<bpf_link_create_opts>.size
                options.kprobe_multi.cnt = 1
                options.kprobe_multi.syms = names.baseAddress
                return bpf_link_create(program, 0, BPF_TRACE_KPROBE_MULTI, &options)
            }
        }
        try self.init(program, link: link, to: function)
    }

    private init(_ program: Int32, link: Int32, to place: String) throws(BenchmarkError) {
        guard link >= 0 else {
            let error = BenchmarkError(failed: "attach an empty BPF program to \(place)")
            close(program)
            throw error
        }
        self.program = program
        self.link = link
    }

    deinit {
        close(link)
        close(program)
    }

    func statistics() throws(BenchmarkError) -> ProgramStatistics {
        try ProgramStatistics(program: program)
    }

    private static func load(_ type: bpf_prog_type, attachType: bpf_attach_type?) throws(BenchmarkError) -> Int32 {
        // r0 = 0; exit
        var instructions = [bpf_insn(), bpf_insn()]
        instructions[0].code = UInt8(BPF_ALU64 | BPF_MOV | BPF_K)
        instructions[1].code = UInt8(BPF_JMP | BPF_EXIT)
        var options = bpf_prog_load_opts()
        options.sz = MemoryLayout<bpf_prog_load_opts>.size
        if let attachType { options.expected_attach_type = attachType }
        let program = bpf_prog_load(type, "bench_empty", "GPL", instructions, instructions.count, &options)
        guard program >= 0 else { throw BenchmarkError(failed: "load an empty BPF program") }
        return program
    }
}
