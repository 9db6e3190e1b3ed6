public import AttachPlanning
import CLibBPF
import CNettraceBPF
import CSyscalls
import Glibc
import SystemPackage

/// A running trace: programs loaded, hooks attached, ring mapped. Order matters twice: the gate opens after the last
/// attach, and the ring is drained after recording has stopped.
public struct TraceSession: ~Copyable {
    private var programs: BPFObject
    private var attachment = Attachment()
    private let ring: RingReader
    private let perCPU: PerCPUValues<nt_counter>
    /// Programs that the kernel had skipped when the gate opened; nil if the kernel does not count them.
    private var missedBefore: UInt64?
    /// Number of times that the kernel could not run a program at a hook because one was already running, between the
    /// opening and the closing of the gate. It is unknown whether the packets would have matched. nil if the kernel
    /// does not count this.
    public private(set) var missed: UInt64?
    public let plan: AttachPlan

    /// Loads and attaches. `progress` receives the number of hooks that are done.
    public static func start(
        plan: AttachPlan, configuration: TraceConfiguration, progress: (_ done: Int, _ total: Int) -> Void
    ) throws(KernelError) -> TraceSession {
        // First of all, so that a machine that hides its number of CPUs is refused before anything is attached.
        let perCPU = try PerCPUValues<nt_counter>()
        let programs = try BPFObject(plan: plan, configuration: configuration)
        _ = try perCPU.read(UInt32(0), of: bpf_map__fd(programs.object.map(.counters)))
        let ring = try RingReader(
            map: programs.object.map(.events), hooks: plan.hooks.count, longestRecord: configuration.longestRecord)
        var session = TraceSession(plan: plan, programs: programs, ring: ring, perCPU: perCPU)
        try session.attachTracepoints()
        try session.attachFunctions(progress)
        progress(plan.hooks.count, plan.hooks.count)
        return session
    }

    private init(
        plan: AttachPlan, programs: consuming BPFObject, ring: consuming RingReader,
        perCPU: consuming PerCPUValues<nt_counter>
    ) {
        self.plan = plan
        self.perCPU = perCPU
        self.programs = programs
        self.ring = ring
    }

    /// Hooks that the kernel refused to attach, with its reasons.
    public var refused: [SkippedTracer] {
        attachment.refused.sorted { $0.key < $1.key }.map { hook, error in
            let reason: SkipReason =
                switch error {
                case .notSupported: .notPatchable
                // kernel/kprobes.c: check_kprobe_address_safe().
                case .invalidArgument where plan.hooks[hook].isUnder: .notPatchable
                case .tooManyOpenFiles: .refused("\(error); raise 'ulimit -n'")
                default: .refused("\(error)")
                }
            return SkippedTracer(tracer: plan.hooks[hook].title, group: plan.hooks[hook].group, reason: reason)
        }
    }

    private mutating func attachTracepoints() throws(KernelError) {
        for (index, hook) in plan.hooks.enumerated() {
            let cookie = hook.cookie(index: index)
            let target = AttachTarget(hook: index, name: hook.kernelName, cookie: cookie)
            switch hook.method {
            case .tracepoint:
                guard let program = ProgramUse.program(of: hook, in: plan) else { continue }
                attachment.attach(programs.descriptor(of: program, .rawTracepoint(hasCookie: true)), to: [target])
            case .tracepointCopy:
                guard let template = ProgramUse.program(of: hook, in: plan) else { continue }
                let copy = try programs.loadCopy(of: template, cookie: cookie)
                attachment.attach(ProgramDescriptor(file: copy, means: .rawTracepoint(hasCookie: false)), to: [target])
            case .programCopies:
                guard let program = hook.program else { continue }
                switch programs.loadCopies(tracing: program, hook: index) {
                // The return before the entry: no run is seen to begin whose end is not seen.
                case .success(let copies):
                    for copy in [copies.leave, copies.enter] {
                        attachment.attach(ProgramDescriptor(file: copy, means: .ownTarget), to: [target])
                    }
                case .failure(let error): attachment.refuse(index, error)
                }
            case .kprobe, .kprobeMulti, .kprobeSession:
                continue
            }
        }
    }

    private mutating func attachFunctions(_ progress: (Int, Int) -> Void) throws(KernelError) {
        for use in ProgramUse.all where [.kprobeMulti, .kprobeSession].contains(use.method) {
            attachment.attach(
                programs.descriptor(of: use.program, .manyFunctions(use.moment)), to: targets(of: use))
        }
        let uses = ProgramUse.all.filter { $0.method == .kprobe }.map { ($0, targets(of: $0)) }
        let work = uses.reduce(0) { $0 + $1.1.count }
        guard work > 0 else { return }
        guard let events = KprobeEvents() else { throw KernelError("the kernel has no perf events for kprobes") }
        if !events.haveCookies { try fillCookies() }
        let total = plan.hooks.count
        var attached = 0
        for (use, targets) in uses {
            attachment.attach(
                programs.descriptor(of: use.program, .eachFunction(use.moment, events)), to: targets
            ) { done in progress((attached + done) * total / work, total) }
            attached += targets.count
        }
    }

    /// The entries of the functions that a program serves.
    private func targets(of use: ProgramUse) -> [AttachTarget] {
        plan.hooks.enumerated().filter { use.takes($0.element, in: plan) }.flatMap {
            targets(of: $0.element, $0.offset)
        }
    }

    private func targets(of hook: PlannedHook, _ index: Int) -> [AttachTarget] {
        hook.addresses.map { address in
            AttachTarget(hook: index, name: hook.kernelName, address: address, cookie: hook.cookie(index: index))
        }
    }

    /// Without cookies of perf events, the program looks up the function's address.
    private func fillCookies() throws(KernelError) {
        for (index, hook) in plan.hooks.enumerated() where hook.method == .kprobe {
            for var target in targets(of: hook, index) {
                let error = bpf_map_update_elem(
                    bpf_map__fd(programs.object.map(.hookByAddress)), &target.address, &target.cookie, UInt64(BPF_ANY))
                guard error == 0 else { throw KernelError("cannot pass the program its functions", result: error) }
            }
        }
    }

    /// Starts recording.
    public mutating func openGate() {
        missedBefore = missedSoFar
        programs.openGate()
    }

    private var missedSoFar: UInt64? { programs.missed.map { $0 + attachment.missed } }

    /// Number of events that did not fit into the ring so far; cheap to read.
    public var lost: UInt64 { programs.lost }

    /// Waits up to `milliseconds` for records and passes them to `receive`, which must not keep the bytes. Returns early
    /// when a signal arrives, and after some thousand records even if there are more.
    public func poll(milliseconds: Int32, _ receive: (UnsafeRawBufferPointer) -> Void) throws(KernelError) {
        try ring.poll(milliseconds: milliseconds, receive)
    }

    /// Stops recording and passes on the records that the ring still holds; the counters are then final. The hooks stay
    /// attached but do nothing until `detach` or deinit. Detaching perf events takes seconds; this way the account is
    /// printed first.
    public mutating func stop(_ receive: (UnsafeRawBufferPointer) -> Void) {
        programs.closeGate()
        if let missedBefore { missed = missedSoFar.map { $0 - missedBefore } }
        // A program that passed the gate before it closed may still be writing. All programs run under RCU, so none is
        // left after a grace period. Kernels with nohz_full CPUs do not offer us one; there detaching has the same
        // effect.
        if nt_wait_for_grace_period() != 0 { attachment.detach() }
        ring.drain(receive)
    }

    /// Removes everything from the kernel.
    public mutating func detach() { attachment.detach() }

    /// Counts of events for each hook of the plan.
    public func counters() -> [HookCounter] {
        let map = bpf_map__fd(programs.object.map(.counters))
        return plan.hooks.indices.map { index in
            // Cannot fail: `start` has read the map.
            guard (try? perCPU.read(UInt32(index), of: map)) == true else { return HookCounter() }
            return perCPU.sum(into: HookCounter(received: ring.received(from: index))) {
                $0.matched += $1.matched
                $0.lost += $1.lost
                $0.limited += $1.limited
            }
        }
    }
}

/// Counts of one hook since the gate opened, over all CPUs. At the end matched = received + lost + limited.
public struct HookCounter: Sendable, Equatable {
    /// Events that passed the filter.
    public var matched: UInt64 = 0
    /// Events that came out of the ring.
    public var received: UInt64 = 0
    /// Events that did not fit into the ring.
    public var lost: UInt64 = 0
    /// Events beyond the limit per second.
    public var limited: UInt64 = 0

    public init(matched: UInt64 = 0, received: UInt64 = 0, lost: UInt64 = 0, limited: UInt64 = 0) {
        self.matched = matched
        self.received = received
        self.lost = lost
        self.limited = limited
    }
}
