import AttachPlanning
import CLibBPF
import CNettraceBPF
import Glibc
import SystemPackage

/// The loaded BPF programs and maps. Owns the skeleton; its deinit removes everything from the kernel.
struct BPFObject: ~Copyable {
    private(set) var object = nettrace_object()
    private let filter: PacketFilterSlot
    /// Programs that were loaded past libbpf.
    private var copies: [FileDescriptor] = []

    /// Opens the embedded object, fixes its configuration, and loads only what the plan needs.
    init(plan: AttachPlan, configuration: TraceConfiguration) throws(KernelError) {
        libbpf_set_print(LibBPFLog.print)
        filter = PacketFilterSlot(configuration.packetFilter?.instructions ?? [])
        try filter.register()
        // libbpf itself looks into modules as well.
        let searchesModules = configuration.sections.contains(.conntrack) && configuration.types?.haveConntrack == false
        let types = searchesModules ? nil : configuration.types?.file()
        defer { try? types?.close() }
        var opened = nettrace_object()
        let path = types.map { "/proc/self/fd/\($0.rawValue)" }
        let error = nettrace_object_open(&opened, LibBPFLog.verifierLevel, path)
        guard error == 0 else { throw KernelError("cannot open the embedded BPF object", result: error) }
        object = opened

        configuration.write(to: &object.config.pointee, plan: plan)
        withUnsafeMutableBytes(of: &object.under_config.pointee.trampolines) { bytes in
            let words = bytes.bindMemory(to: UInt64.self)
            for (index, address) in zip(words.indices, plan.trampolines) { words[index] = address }
        }
        let lists = WantedLists(configuration.filters)
        lists.write(to: &object.wanted_config.pointee)
        configuration.drops.write(to: &object.drop_config.pointee, tracepoint: plan.hooks.first)
        if let tcp = configuration.tcp { tcp.write(to: &object.tcp_config.pointee) }
        let ofConnections = [
            object.tcp_segment, object.tcp_state, object.tcp_destroy, object.tcp_reset, object.tcp_refresh,
        ]
        for program in ofConnections { bpf_program__set_autoload(program, configuration.tcp != nil) }
        let summarizes = configuration.drops.summary != nil
        bpf_program__set_autoload(object.drop_summary, summarizes)
        configuration.limits.write(to: &object.limits.pointee)
        let packetHooks = summarizes ? [] : plan.hooks.filter { $0.subject == .packet && !$0.isUnder }
        let methods = Set(packetHooks.map(\.method))
        for choice in EntryProgram.allCases {
            let chosen = Set(packetHooks.lazy.filter { EntryProgram($0, in: plan) == choice }.map(\.method))
            bpf_program__set_autoload(choice.multi(in: object), chosen.contains(.kprobeMulti))
            bpf_program__set_autoload(choice.single(in: object), chosen.contains(.kprobe))
        }
        bpf_program__set_autoload(object.kprobe_session, methods.contains(.kprobeSession))
        // libbpf knows the attach type only from 1.5 on; older versions accept its number.
        bpf_program__set_expected_attach_type(object.kprobe_session, .kprobeSession)
        let returns = Set(plan.hooks.lazy.filter(\.probesReturn).map(\.method))
        bpf_program__set_autoload(object.kretprobe_multi, returns.contains(.kprobeMulti))
        bpf_program__set_autoload(object.kretprobe, returns.contains(.kprobe))
        bpf_program__set_autoload(object.under, plan.hasHooksUnder)
        bpf_program__set_autoload(object.tracepoint, methods.contains(.tracepoint))
        bpf_program__set_autoload(object.tracepoint_template, methods.contains(.tracepointCopy))
        let socketMethods = Set(plan.hooks.lazy.filter { $0.subject == .socket }.map(\.method))
        bpf_program__set_autoload(object.sock_kprobe_multi, socketMethods.contains(.kprobeMulti))
        bpf_program__set_autoload(object.sock_kprobe, socketMethods.contains(.kprobe))
        bpf_program__set_autoload(object.sock_tracepoint, socketMethods.contains(.tracepoint))
        bpf_program__set_autoload(object.sock_tracepoint_template, socketMethods.contains(.tracepointCopy))

        let frameMethods = Set(plan.hooks.lazy.filter { $0.subject == .frame }.map(\.method))
        bpf_program__set_autoload(object.frame_tracepoint, frameMethods.contains(.tracepoint))
        bpf_program__set_autoload(object.frame_tracepoint_template, frameMethods.contains(.tracepointCopy))
        Self.prepareTemplates(of: object, for: plan)

        let addresses = plan.hooks.lazy.filter { $0.method == .kprobe }.reduce(0) { $0 + $1.addresses.count }
        let hasRecords = !summarizes && configuration.tcp?.roundTrips == nil
        bpf_map__set_max_entries(object.events, hasRecords ? configuration.ringSize : UInt32(getpagesize()))
        bpf_map__set_max_entries(object.drop_rows, configuration.drops.summary?.rows ?? 1)
        bpf_map__set_max_entries(object.counters, UInt32(max(plan.hooks.count, 1)))
        bpf_map__set_max_entries(object.hook_by_address, UInt32(max(addresses, 1)))
        // An LRU map hands its entries out to the CPUs in batches: every CPU needs a few.
        bpf_map__set_max_entries(object.sockets_of_pid, configuration.filters.selectsProcess ? 16 << 10 : 1)
        bpf_map__set_max_entries(object.wanted, UInt32(max(lists.entries.count, 1)))
        let skbs: UInt32 = plan.tracking == nil ? 1 : 16 << 10
        bpf_map__set_max_entries(object.tracked_skbs, skbs)
        bpf_map__set_max_entries(object.tracked_buffers, plan.tracking?.isComplete == false ? skbs : 1)

        bpf_map__set_max_entries(object.open_calls, returns.isEmpty ? 1 : 16 << 10)
        // One per stack of a task or processor that is handling a packet.
        bpf_map__set_max_entries(object.frames_by_stack, plan.hasHooksUnder ? 4 << 10 : 1)
        bpf_map__set_max_entries(object.tcp_connections, configuration.tcp?.connections ?? 1)
        bpf_map__set_max_entries(object.tcp_unwanted, configuration.tcp?.connections ?? 1)
        bpf_map__set_max_entries(object.rtt_rows, configuration.tcp?.roundTrips?.rows ?? 1)

        configuration.packetFilter?.prepareMaps(of: object)
        bpf_program__set_autoload(PayloadConfiguration.finder(of: object), configuration.payload != nil)
        configuration.payload?.prepareBuffers(of: object)
        let loaded = nettrace_object_load(&object)
        guard loaded == 0 else { throw Self.loadError(loaded) }
        try configuration.packetFilter?.fillMaps(of: object)
        try lists.fill(object.wanted)
        try configuration.payload?.start(object)
    }

    deinit {
        var object = object
        if object.skeleton != nil { nettrace_object_close(&object) }
        for copy in copies { try? copy.close() }
    }

    /// A program that ends with this.
    mutating func keep(_ copy: FileDescriptor) { copies.append(copy) }

    mutating func openGate() { nettrace_object_open_gate(&object) }
    mutating func closeGate() { nettrace_object_close_gate(&object) }

    /// Number of events of all hooks that did not fit into the ring so far.
    var lost: UInt64 { withUnsafePointer(to: object) { nettrace_object_lost($0) } }

    /// Number of times that the kernel skipped a program; nil if the kernel does not count them.
    var missed: UInt64? {
        var sum: UInt64 = 0
        guard withUnsafePointer(to: object, { nettrace_object_missed($0, &sum) }) == 0 else { return nil }
        for copy in copies {
            var missed: UInt64 = 0
            guard nettrace_program_missed(copy.rawValue, &missed) == 0 else { return nil }
            sum += missed
        }
        return sum
    }

    /// Sets the interval under which tables are counted from now on.
    mutating func setEpoch(_ epoch: UInt8) { nettrace_object_set_epoch(&object, epoch) }

    /// The program for raw tracepoints that have a cookie.
    func tracepointProgram(of subject: HookSubject) -> FileDescriptor {
        let program =
            switch subject {
            case .packet: object.tracepoint
            case .socket: object.sock_tracepoint
            case .frame: object.frame_tracepoint
            }
        return FileDescriptor(rawValue: bpf_program__fd(program))
    }

    /// Loads a copy of the tracepoint program with `cookie` written into it; closed with this object.
    mutating func loadTracepointCopy(cookie: UInt64, of subject: HookSubject) throws(KernelError) -> FileDescriptor {
        let program =
            switch subject {
            case .packet: object.tracepoint_template
            case .socket: object.sock_tracepoint_template
            case .frame: object.frame_tracepoint_template
            }
        let template = UnsafeBufferPointer(
            start: bpf_program__insns(program), count: bpf_program__insn_cnt(program))
        guard let instructions = ProgramPatcher.insert(cookie: cookie, into: Array(template)) else {
            throw KernelError("cannot find the place of the cookie in the tracepoint program")
        }
        let loaded = LibBPFLog.withLog(of: String(cString: bpf_program__name(program))) { options in
            bpf_prog_load(
                BPF_PROG_TYPE_RAW_TRACEPOINT, "nt_tracepoint", "Dual BSD/GPL", instructions, instructions.count,
                &options)
        }
        guard loaded >= 0 else { throw Self.loadError(loaded) }
        let copy = FileDescriptor(rawValue: loaded)
        keep(copy)
        return copy
    }

    private static func loadError(_ result: Int32) -> KernelError {
        let remedy =
            switch -result {
            case EPERM, EACCES:
                "run it as root, or with CAP_BPF and CAP_PERFMON (and CAP_SYS_ADMIN before Linux 5.8); see nettrace --features"
            case ENOMEM: "the kernel is out of memory, or RLIMIT_MEMLOCK is too low: ulimit -l unlimited"
            default: "NETTRACE_DEBUG=1 shows what the kernel's verifier says"
            }
        return KernelError("cannot load the BPF programs into the kernel", result: result, remedy: remedy)
    }
}
