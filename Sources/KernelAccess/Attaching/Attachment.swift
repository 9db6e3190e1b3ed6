import CSyscalls
import SystemPackage

/// Everything that is attached in the kernel. Each attachment lives by a file descriptor, so all end with this value,
/// and with the process however it ends.
struct Attachment: ~Copyable {
    /// Links and perf events; closing one detaches it.
    private var descriptors: [FileDescriptor] = []
    /// The kprobe.multi links among `descriptors`.
    private var multiLinks: [FileDescriptor] = []
    /// Hooks that the kernel refused, by index into the plan.
    private(set) var refused: [Int: Errno] = [:]

    init() {}

    deinit { Self.close(descriptors) }

    /// Detaches everything. Slow on kernels with one perf event per function.
    mutating func detach() {
        Self.close(descriptors)
        descriptors = []
        multiLinks = []
    }

    /// Number of function entries at which a probe could not run, as far as links report it.
    var missed: UInt64 {
        multiLinks.reduce(0) { sum, link in
            var missed: UInt64 = 0
            return nt_kprobe_multi_missed(link.rawValue, &missed) == 0 ? sum + missed : sum
        }
    }

    private mutating func keepMulti(_ link: FileDescriptor) {
        descriptors.append(link)
        multiLinks.append(link)
    }

    /// Attaches a program to hooks; those that the kernel refuses are in `refused`. `progress` receives the number of
    /// hooks that are done, for means that take their time.
    mutating func attach(
        _ program: ProgramDescriptor, to targets: [AttachTarget], progress: (Int) -> Void = { _ in }
    ) {
        switch program.means {
        case .manyFunctions(let moment):
            attachMulti(targets, by: MultiLink(program: program.file, moment: moment))
        case .eachFunction(let moment, let events):
            attachKprobes(targets, program: program.file, by: events, atReturn: moment == .returns, progress: progress)
        case .rawTracepoint(let hasCookie):
            for target in targets { attachTracepoint(target, program: program.file, hasCookie: hasCookie) }
        case .ownTarget:
            for target in targets { attachItself(program.file, hook: target.hook) }
        }
    }

    /// Attaches one BPF link to all functions (kernel/trace/bpf_trace.c, bpf_kprobe_multi_link_attach). The kernel
    /// takes all functions or none and does not say which one it refuses.
    private mutating func attachMulti(_ functions: [AttachTarget], by multi: MultiLink) {
        guard !functions.isEmpty else { return }
        switch multi.attach(functions) {
        case .success(let link):
            keepMulti(link)
        case .failure(let error) where error.blamesOneFunction:
            attachPatchable(functions, by: multi)
        case .failure(let error):
            for function in functions { refused[function.hook] = error }
        }
    }

    /// Retries without the functions that ftrace cannot patch: one link stays one link, and detaches as fast.
    private mutating func attachPatchable(_ functions: [AttachTarget], by multi: MultiLink) {
        let patchable = TraceFS.attachableFunctions()
        let wanted = functions.filter { patchable?.contains($0.name) ?? true }
        for function in functions where patchable?.contains(function.name) == false {
            refused[function.hook] = .notSupported
        }
        attachHalves(wanted, by: multi)
    }

    /// Bisects the functions to find those that the kernel refuses.
    private mutating func attachHalves(_ functions: [AttachTarget], by multi: MultiLink) {
        guard !functions.isEmpty else { return }
        switch multi.attach(functions) {
        case .success(let link):
            keepMulti(link)
        case .failure(let error) where functions.count == 1 || !error.blamesOneFunction:
            for function in functions { refused[function.hook] = error }
        case .failure:
            let middle = functions.count / 2
            attachHalves(Array(functions[..<middle]), by: multi)
            attachHalves(Array(functions[middle...]), by: multi)
        }
    }

    /// Attaches one perf event to each function, on any kernel with kprobes; with a cookie where the kernel supports
    /// it.
    private mutating func attachKprobes(
        _ functions: [AttachTarget], program: FileDescriptor, by events: KprobeEvents, atReturn: Bool,
        progress: (Int) -> Void
    ) {
        for (done, function) in functions.enumerated() {
            // Thousands of functions take seconds; a stop signal ends the loop.
            guard !StopSignals.received else { return }
            switch events.attach(program, to: function, atReturn: atReturn) {
            case .success(let event): descriptors.append(event)
            case .failure(let error): refused[function.hook] = error
            }
            progress(done + 1)
        }
    }

    /// Attaches to a raw tracepoint (kernel/trace/bpf_trace.c, bpf_probe_register).
    private mutating func attachTracepoint(_ target: AttachTarget, program: FileDescriptor, hasCookie: Bool) {
        let link = nt_raw_tracepoint_open(
            target.name, program.rawValue, hasCookie ? 1 : 0, hasCookie ? target.cookie : 0)
        keep(link, of: target.hook)
    }

    /// bpf_tracing_prog_attach(): a program that knows its target needs no name.
    private mutating func attachItself(_ program: FileDescriptor, hook: Int) {
        guard refused[hook] == nil else { return }
        keep(nt_raw_tracepoint_open(nil, program.rawValue, 0, 0), of: hook)
    }

    private mutating func keep(_ link: Int32, of hook: Int) {
        if link >= 0 {
            descriptors.append(FileDescriptor(rawValue: link))
        } else {
            refused[hook] = Errno(rawValue: -link)
        }
    }

    /// Notes that a hook has no program to attach.
    mutating func refuse(_ hook: Int, _ error: Errno) { refused[hook] = error }

    private static func close(_ descriptors: [FileDescriptor]) {
        let numbers = descriptors.map(\.rawValue)
        nt_close_all(numbers, numbers.count)
    }
}

extension Errno {
    /// Whether the kernel may accept a smaller set: one address is unknown, or ftrace cannot patch it.
    fileprivate var blamesOneFunction: Bool {
        self == .noSuchFileOrDirectory || self == .noSuchProcess || self == .invalidArgument
    }
}
