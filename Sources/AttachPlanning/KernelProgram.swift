public import Tracers

/// A BPF program that somebody has loaded.
public struct KernelProgram: Sendable, Equatable {
    public var id: UInt32
    /// Of its main function where that is known, otherwise the first 15 bytes that the kernel keeps.
    public var name: String
    public var family: ProgramFamily
    /// `enum bpf_prog_type`.
    public var type: UInt32
    /// A digest of its instructions.
    public var tag: UInt64
    /// Its main function in its own type information; `nil`: it has none.
    public var function: UInt32?

    public init(id: UInt32, name: String, family: ProgramFamily, type: UInt32, tag: UInt64, function: UInt32?) {
        self.id = id
        self.name = name
        self.family = family
        self.type = type
        self.tag = tag
        self.function = function
    }
}

extension KernelProgram: CustomStringConvertible {
    public var description: String { "\(name.isEmpty ? "program" : name) (id \(id))" }
}

extension TracerCatalog {
    /// One hook for each program that can be traced, and those that cannot.
    func programs(of tracer: Tracer, _ inventory: KernelInventory) -> (hooks: [PlannedHook], skipped: [SkippedTracer]) {
        var hooks: [PlannedHook] = []
        var skipped: [SkippedTracer] = []
        let group = self[tracer.group].name
        for program in inventory.programs ?? [] where tracer.kernelNames.contains(program.family.kernelName) {
            guard program.function != nil else {
                skipped.append(
                    SkippedTracer(tracer: "\(tracer.name) \(program)", group: group, reason: .untypedProgram))
                continue
            }
            var hook = PlannedHook(
                tracer: tracer.name, group: group, kernelName: "\(program)", kind: .program, method: .programCopies,
                arguments: HookArguments(), flags: tracer.flags, role: tracer.role)
            hook.program = program
            hooks.append(hook)
        }
        return (hooks, skipped)
    }

    /// The first of its programs, for all of them.
    func program(for tracer: Tracer, _ inventory: KernelInventory) -> TracerAvailability {
        guard inventory.programs != nil else { return .missing(.hiddenPrograms) }
        let (hooks, skipped) = programs(of: tracer, inventory)
        if let first = hooks.first { return .available(first) }
        if let first = skipped.first { return .missing(first.reason) }
        let family = ProgramFamily.allCases.first { tracer.kernelNames.contains($0.kernelName) }
        return .missing(family.map { .noPrograms($0) } ?? .notInKernel)
    }
}
