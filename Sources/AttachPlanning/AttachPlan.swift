public import Tracers

/// One place in the kernel where a program will run, and all that the program must know about it.
public struct PlannedHook: Sendable, Equatable {
    /// What the user typed and reads.
    public var tracer: String
    /// Name of the tracer's group; for hooks that no group has, "kernel".
    public var group: String
    /// As the kernel spells it: a function, or a tracepoint without its category.
    public var kernelName: String
    public var kind: HookKind
    public var method: AttachMethod
    /// Entry points; empty for tracepoints.
    public var addresses: [UInt64]
    public var arguments: HookArguments
    public var flags: TracerFlags
    public var purpose: HookPurpose
    /// Its events carry the call stack.
    public var recordsStack = false
    /// There is an event for its return too: functions only.
    public var recordsReturn = false
    /// What its return value is and means; unknown for tracepoints, which have none.
    public var returns: FunctionReturn
    /// The BPF program that is traced; only with the kind `program`.
    public var program: KernelProgram?
    /// Its records tell this of a socket, in place of a packet.
    public var socketEvent: SocketEvent?

    public init(
        tracer: String, group: String, kernelName: String, kind: HookKind, method: AttachMethod,
        addresses: [UInt64] = [], arguments: HookArguments, flags: TracerFlags = [], purpose: HookPurpose = .event,
        returns: FunctionReturn = FunctionReturn()
    ) {
        self.tracer = tracer
        self.group = group
        self.kernelName = kernelName
        self.kind = kind
        self.method = method
        self.addresses = addresses
        self.arguments = arguments
        self.flags = flags
        self.purpose = purpose
        self.returns = returns
    }
}

extension PlannedHook {
    /// The tracer, and which of its programs.
    public var title: String { program.map { "\(tracer) \($0)" } ?? tracer }
}

/// What a hook is for.
public enum HookPurpose: Sendable, Equatable {
    /// The user asked for its events.
    case event
    /// Tells which skb was made from which; shows nothing.
    case link
    /// Tells that an skb has ended, and of a drop why; shows nothing.
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

/// Why a tracer cannot be attached on this kernel.
public enum SkipReason: Sendable, Equatable, Hashable {
    /// Neither BTF nor kallsyms know it.
    case notInKernel
    /// BTF knows it, kallsyms does not: the compiler put it into its callers.
    case inlined
    /// A function, on a kernel without kprobes.
    case noKprobes
    /// A function, and the kernel does not tell this process where it is.
    case hiddenAddress
    case noTracepoints
    /// The module has no BTF and the catalog no hint.
    case noTypeInformation(module: String?)
    /// It takes neither an skb nor a socket in the first five arguments.
    case noUsableArgument
    /// Static functions of this name have different prototypes.
    case ambiguous
    /// A function that ftrace may not patch (notrace, __init), so that kprobe.multi cannot either.
    case notPatchable
    /// No BPF program of the family is loaded.
    case noPrograms(ProgramFamily)
    /// The kernel tells this process of no programs but its own.
    case hiddenPrograms
    /// A BPF program that was loaded without BTF: its main function cannot be named.
    case untypedProgram
    /// The kernel refused: its own words.
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
        case .refused(let words): "the kernel refused: \(words)"
        }
    }
}

/// What goes where, by which method, and what was left out and why. The hook's place in `hooks` is its number in events.
public struct AttachPlan: Sendable, Equatable {
    public var hooks: [PlannedHook]
    public var skipped: [SkippedTracer]
    /// How well packets can be followed; `nil`: they need not be.
    public var tracking: PacketTracking?

    public init(hooks: [PlannedHook] = [], skipped: [SkippedTracer] = [], tracking: PacketTracking? = nil) {
        self.hooks = hooks
        self.skipped = skipped
        self.tracking = tracking
    }

    /// Asks for call stacks: at the tracers that are named, or at all.
    public mutating func recordStacks(at tracers: Set<String>?) {
        for index in hooks.indices where hooks[index].purpose == .event {
            hooks[index].recordsStack = tracers?.contains(hooks[index].tracer) ?? true
        }
    }

    /// Asks for the returns of functions, those that are named or all, by the best method that the kernel has for that.
    public mutating func recordReturns(_ capabilities: Capabilities, at tracers: Set<String>? = nil) {
        for index in hooks.indices where hooks[index].purpose == .event && hooks[index].kind == .function {
            guard tracers?.contains(hooks[index].tracer) ?? true else { continue }
            hooks[index].recordsReturn = true
            if hooks[index].method == .kprobeMulti, capabilities.kprobeSession { hooks[index].method = .kprobeSession }
        }
    }

    /// Asks for socket events where the catalog declares one.
    public mutating func recordSocketEvents(declaredIn catalog: TracerCatalog) {
        for index in hooks.indices where hooks[index].purpose == .event {
            hooks[index].socketEvent = catalog.tracer(named: hooks[index].tracer)?.event
        }
    }

    /// An event carries the hook in 16 bits.
    public static let maximumHooks = 1 << 16
}
