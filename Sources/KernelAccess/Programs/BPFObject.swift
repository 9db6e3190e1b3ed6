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
        configuration.limits.write(to: &object.limits.pointee)

        for program in ProgramUse.programs(for: plan, configuration) {
            bpf_program__set_autoload(object.program(program), true)
        }
        // libbpf knows the attach type only from 1.5 on; older versions accept its number.
        bpf_program__set_expected_attach_type(object.program(.kprobeSession), .kprobeSession)
        for (map, count) in MapSizes(for: plan, configuration, wanted: lists.entries.count).entries {
            bpf_map__set_max_entries(object.map(map), UInt32(max(count, 1)))
        }
        configuration.packetFilter?.prepareMaps(of: object)
        configuration.payload?.prepareBuffers(of: object)
        let loaded = nettrace_object_load(&object)
        guard loaded == 0 else { throw Self.loadError(loaded) }
        try configuration.packetFilter?.fillMaps(of: object)
        try lists.fill(object.map(.wanted))
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

    /// A compiled program that is loaded, to be attached by these means.
    func descriptor(of program: CompiledProgram, _ means: AttachMeans) -> ProgramDescriptor {
        ProgramDescriptor(file: FileDescriptor(rawValue: bpf_program__fd(object.program(program))), means: means)
    }

    /// Loads a copy of a tracepoint program with `cookie` written into it; closed with this object.
    mutating func loadCopy(of name: CompiledProgram, cookie: UInt64) throws(KernelError) -> FileDescriptor {
        let program = object.program(name)
        let template = UnsafeBufferPointer(
            start: bpf_program__insns(program), count: bpf_program__insn_cnt(program))
        guard let instructions = ProgramPatcher.insert(cookie: cookie, into: Array(template)) else {
            throw KernelError("cannot find the place of the cookie in the tracepoint program")
        }
        let loaded = LibBPFLog.withLog(of: name.rawValue) { options in
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
            case EMFILE: "raise 'ulimit -n'"
            // libbpf 1.x takes a feature whose test could not open a descriptor for one that the kernel lacks.
            default:
                openFileLimit < fewOpenFiles
                    ? "'ulimit -n' is \(openFileLimit), which may be too low: raise it to \(fewOpenFiles) or more"
                    : "NETTRACE_DEBUG=1 shows what the kernel's verifier says"
            }
        return KernelError("cannot load the BPF programs into the kernel", result: result, remedy: remedy)
    }

    /// More descriptors than the programs, their maps and libbpf's tests of features need at once.
    private static let fewOpenFiles: rlim_t = 64

    private static var openFileLimit: rlim_t {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit.rlim_cur : .max
    }
}
