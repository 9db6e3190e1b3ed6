import CLibBPF
import Glibc

/// A minimal BPF program, the lower bound for any tracer. It is attached like nettrace's programs in the same run, so
/// that its figures include the kernel's own time measurement, too.
struct FloorProgram: ~Copyable {
    /// The work of the program, which always returns 0.
    enum Work {
        case nothing
        /// Reads the header fields that every filter of addresses and ports needs: `HeaderReads`.
        case headers(SocketBufferLayout)
    }

    private let program: Int32
    private let link: Int32

    /// Attaches to a tracepoint whose first argument is the skb.
    init(_ work: Work, tracepoint: String) throws(BenchmarkError) {
        let program = try Self.load(work, at: .tracepoint, BPF_PROG_TYPE_RAW_TRACEPOINT, attachType: nil)
        try self.init(program, link: bpf_raw_tracepoint_open(tracepoint, program), to: tracepoint)
    }

    /// Attaches to the entry of a function whose first argument is the skb, with kprobe.multi (Linux 5.18,
    /// CONFIG_FPROBE).
    init(_ work: Work, function: String) throws(BenchmarkError) {
        let program = try Self.load(work, at: .function, BPF_PROG_TYPE_KPROBE, attachType: BPF_TRACE_KPROBE_MULTI)
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
            let error = BenchmarkError(failed: "attach a BPF program to \(place)")
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

    private static func load(
        _ work: Work, at place: HeaderReads.Place, _ type: bpf_prog_type, attachType: bpf_attach_type?
    ) throws(BenchmarkError) -> Int32 {
        var instructions: [bpf_insn] = []
        if case .headers(let layout) = work { instructions = HeaderReads.instructions(at: place, layout) }
        instructions.append(.move(0, to: 0))
        instructions.append(.exit)
        var options = bpf_prog_load_opts()
        options.sz = MemoryLayout<bpf_prog_load_opts>.size
        if let attachType { options.expected_attach_type = attachType }
        let program = bpf_prog_load(type, "bench_floor", "GPL", instructions, instructions.count, &options)
        guard program >= 0 else { throw BenchmarkError(failed: "load a BPF program") }
        return program
    }
}
