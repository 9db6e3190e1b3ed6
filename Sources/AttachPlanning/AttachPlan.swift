public import Tracers

/// A place in the kernel at which a program will run, with everything that the program must know about it.
public struct PlannedHook: Sendable, Equatable {
    /// The name that the user types and reads.
    public var tracer: String
    /// Name of the tracer's group; "kernel" for hooks without a group.
    public var group: String
    /// As the kernel spells it: a function, or a tracepoint without its category.
    public var kernelName: String
    public var kind: HookKind
    public var method: AttachMethod
    /// Entry points; empty for tracepoints.
    public var addresses: [UInt64]
    public var arguments: HookArguments
    public var flags: TracerFlags
    /// The meaning of its events for the path of a packet.
    public var role: HookRole
    public var purpose: HookPurpose
    /// Whether its events contain the call stack.
    public var recordsStack = false
    /// Whether its return is recorded as an event, too; functions only.
    public var recordsReturn = false
    /// Whether the programs see its return because other functions are shown while it runs.
    public var marksReturn = false
    /// Type and meaning of its return value; unknown for tracepoints, which have none.
    public var returns: FunctionReturn
    /// The BPF program that is traced; only with the kind `program`.
    public var program: KernelProgram?
    /// The socket event that its records describe, in place of a packet.
    public var socketEvent: SocketEvent?

    public init(
        tracer: String, group: String, kernelName: String, kind: HookKind, method: AttachMethod,
        addresses: [UInt64] = [], arguments: HookArguments, flags: TracerFlags = [], role: HookRole,
        purpose: HookPurpose = .event, returns: FunctionReturn = FunctionReturn()
    ) {
        self.tracer = tracer
        self.group = group
        self.kernelName = kernelName
        self.kind = kind
        self.method = method
        self.addresses = addresses
        self.arguments = arguments
        self.flags = flags
        self.role = role
        self.purpose = purpose
        self.returns = returns
    }
}

extension PlannedHook {
    /// The tracer's name; for a traced BPF program also the program.
    public var title: String { program.map { "\(tracer) \($0)" } ?? tracer }

    /// Whether its return is probed, for either purpose.
    public var probesReturn: Bool { recordsReturn || marksReturn }
}

/// The purpose of a hook.
public enum HookPurpose: Sendable, Equatable {
    /// The user asked for its events.
    case event
    /// Reports which skb was made from which; its events are not shown.
    case link
    /// Reports that an skb has ended and, for a drop, the reason; its events are not shown.
    case end
}

/// A tracer that the plan leaves out.
public struct SkippedTracer: Sendable, Equatable {
    public var tracer: String
    public var group: String
    public var reason: SkipReason

    public init(tracer: String, group: String, reason: SkipReason) {
        self.tracer = tracer
        self.group = group
        self.reason = reason
    }
}

/// The reason that a tracer cannot be attached on this kernel.
public enum SkipReason: Sendable, Equatable, Hashable {
    /// Neither BTF nor kallsyms has it.
    case notInKernel
    /// BTF has it, kallsyms does not: the compiler inlined it into its callers.
    case inlined
    /// A function, on a kernel without kprobes.
    case noKprobes
    /// A function whose address the kernel hides from this process.
    case hiddenAddress
    case noTracepoints
    /// The module has no BTF, and the catalog no fallback.
    case noTypeInformation(module: String?)
    /// None of the first five arguments is an skb or a socket.
    case noUsableArgument
    /// Static functions of this name have different prototypes.
    case ambiguous
    /// A function that ftrace may not patch (notrace, __init), so that kprobe.multi cannot attach to it.
    case notPatchable
    /// No BPF program of the family is loaded.
    case noPrograms(ProgramFamily)
    /// The kernel lists only this process's own programs.
    case hiddenPrograms
    /// A BPF program that was loaded without BTF: its main function cannot be named.
    case untypedProgram
    /// Named with a +, although it takes an skb.
    case takesPacket
    /// Named with a +, on a machine that keeps return addresses in a register.
    case otherMachine
    /// Named with a +, on a kernel whose probes of returns are not known.
    case unknownTrampoline
    /// The kernel refused, with its own message.
    case refused(String)
}

extension SkipReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notInKernel: "not in this kernel, or its module is not loaded"
        case .inlined: "inlined into its callers by the compiler of this kernel"
        case .noKprobes: "a function, and this kernel has no kprobes"
        case .hiddenAddress:
            "a function, and the kernel hides its address (CAP_SYSLOG is missing, or kernel.kptr_restrict is 2)"
        case .noTracepoints: "tracepoints cannot be opened on this kernel"
        case .noTypeInformation(let module?): "module \(module) has no type information (BTF) on this kernel"
        case .noTypeInformation(nil): "the kernel has no type information (BTF) for it"
        case .noUsableArgument: "takes no skb or socket within its first five arguments"
        case .ambiguous: "several functions have this name and their arguments differ"
        case .notPatchable: "this kernel does not let the function be traced (notrace)"
        case .noPrograms(let family): "no BPF program of the kind \(family.rawValue) is loaded"
        case .hiddenPrograms: "the kernel lists BPF programs only to those with CAP_SYS_ADMIN"
        case .untypedProgram: "a BPF program that was loaded without type information (BTF)"
        case .takesPacket: "takes an skb itself; leave out the +, or write kernel: in its place"
        case .otherMachine: "functions without an skb are shown on x86-64 only"
        case .unknownTrampoline: "this kernel probes the returns of functions in an unknown manner"
        case .refused(let words): "the kernel refused: \(words)"
        }
    }
}

/// The hooks with their attach methods, and the skipped tracers with the reasons. A hook's index in `hooks` is its number in
/// events.
public struct AttachPlan: Sendable, Equatable {
    public var hooks: [PlannedHook]
    public var skipped: [SkippedTracer]
    /// How completely packets can be followed; nil if they need not be.
    public var tracking: PacketTracking?
    /// Addresses that stand in for the return address of a call whose return is probed; empty without hooks under others.
    public internal(set) var trampolines: [UInt64] = []

    public init(hooks: [PlannedHook] = [], skipped: [SkippedTracer] = [], tracking: PacketTracking? = nil) {
        self.hooks = hooks
        self.skipped = skipped
        self.tracking = tracking
    }

    /// Enables call stacks at the named tracers; nil enables them at all.
    public mutating func recordStacks(at tracers: Set<String>?) {
        for index in hooks.indices where hooks[index].purpose == .event {
            hooks[index].recordsStack = tracers?.contains(hooks[index].tracer) ?? true
        }
    }

    /// Enables returns of functions at the named tracers (nil: at all), by the best method that the kernel has for them.
    public mutating func recordReturns(_ capabilities: Capabilities, at tracers: Set<String>? = nil) {
        for index in hooks.indices where hooks[index].purpose == .event && hooks[index].kind == .function {
            // Either all returns that the programs see are recorded, or none.
            guard hooks[index].marksReturn || tracers?.contains(hooks[index].tracer) ?? true else { continue }
            hooks[index].recordsReturn = true
            if hooks[index].method == .kprobeMulti, capabilities.kprobeSession { hooks[index].method = .kprobeSession }
        }
    }

    /// Enables the socket events that the catalog declares.
    public mutating func recordSocketEvents(declaredIn catalog: TracerCatalog) {
        for index in hooks.indices where hooks[index].purpose == .event {
            hooks[index].socketEvent = catalog.tracer(named: hooks[index].tracer)?.event
        }
    }

    /// Events have 16 bits for the hook.
    public static let maximumHooks = 1 << 16
}
