import CLibBPF
import CNettraceBPF

/// Inserts the packet filter into the programs: libbpf calls back just before each load.
///
/// libbpf keeps handlers for the whole process, so there can be one filter per process at a time; deinit unregisters
/// them.
final class PacketFilterSlot {
    private let filter: [bpf_insn]
    private var handlers: [Int32] = []

    init(_ instructions: [UInt64]) {
        filter = instructions.map { unsafeBitCast($0, to: bpf_insn.self) }
    }

    deinit {
        for handler in handlers { libbpf_unregister_prog_handler(handler) }
    }

    /// libbpf_register_prog_handler(3) for the sections of BPF/nettrace.bpf.c; these handlers win over libbpf's own.
    func register() throws(KernelError) {
        guard !filter.isEmpty else { return }
        try register("kprobe.multi", BPF_PROG_TYPE_KPROBE, BPF_TRACE_KPROBE_MULTI)
        try register("kprobe", BPF_PROG_TYPE_KPROBE, BPF_CGROUP_INET_INGRESS)
        try register("raw_tp", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_CGROUP_INET_INGRESS)
    }

    private func register(
        _ section: String, _ type: bpf_prog_type, _ attachType: bpf_attach_type
    ) throws(KernelError) {
        var options = libbpf_prog_handler_opts()
        options.sz = MemoryLayout<libbpf_prog_handler_opts>.size
        options.cookie = Int(bitPattern: Unmanaged.passUnretained(self).toOpaque())
        options.prog_prepare_load_fn = { program, options, cookie in
            guard let context = UnsafeRawPointer(bitPattern: cookie) else { return -EINVAL }
            return Unmanaged<PacketFilterSlot>.fromOpaque(context).takeUnretainedValue().patch(program, options)
        }
        let handler = libbpf_register_prog_handler(section, type, attachType, &options)
        guard handler >= 0 else { throw KernelError("cannot prepare the packet filter", result: handler) }
        handlers.append(handler)
    }

    private func patch(_ program: OpaquePointer?, _ options: UnsafeMutablePointer<bpf_prog_load_opts>?) -> Int32 {
        let instructions = UnsafeBufferPointer(
            start: bpf_program__insns(program), count: bpf_program__insn_cnt(program))
        guard var patched = ProgramPatcher.insert(filter: filter, into: Array(instructions)) else { return -EINVAL }
        // This information refers to instructions by number, and the numbers have changed.
        options?.pointee.func_info_cnt = 0
        options?.pointee.line_info_cnt = 0
        return bpf_program__set_insns(program, &patched, patched.count)
    }
}

private let EINVAL: Int32 = 22
