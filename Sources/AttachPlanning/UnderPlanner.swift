import Tracers

/// Plans functions without an skb, which are shown where they run under a traced function that has one (`-t +NAME`).
struct UnderPlanner {
    let catalog: TracerCatalog
    let inventory: KernelInventory
    let capabilities: Capabilities

    /// Maximum number of functions of one pattern: they attach one by one.
    static let maximumMatches = 256

    /// The functions that a name or pattern after the + stands for, sorted by name.
    func hooks(_ pattern: Glob, excluding excluded: [Glob]) throws(AttachPlanError) -> [PlannedHook] {
        let text = "+\(pattern)"
        guard Self.isSupported else { throw .noFunction(name: text, reason: .otherMachine) }
        guard capabilities.kprobe, !capabilities.hidesAddresses else {
            throw .noFunction(name: text, reason: capabilities.functionRefusal)
        }
        guard !inventory.trampolines.isEmpty else { throw .noFunction(name: text, reason: .unknownTrampoline) }
        guard Glob.isPattern(pattern.description) else {
            return excluded.contains { $0.matches(pattern.description) } ? [] : [try hook(named: pattern.description)]
        }
        let found = inventory.functions.values.filter { function in
            function.hasTypes && pattern.matches(function.name) && refusal(of: function) == nil
        }
        guard !found.isEmpty else { throw .noMatch(pattern: text, nearest: [], reason: nil) }
        let wanted = found.filter { function in !excluded.contains { $0.matches(function.name) } }
        guard wanted.count <= Self.maximumMatches else { throw .tooManyFunctions(pattern: text, count: wanted.count) }
        return wanted.map(hook(at:)).sorted { $0.tracer < $1.tracer }
    }

    private func hook(named name: String) throws(AttachPlanError) -> PlannedHook {
        guard let function = inventory.functions[name], function.isKnown else {
            throw .noFunction(name: "+" + name, reason: .notInKernel)
        }
        if let reason = refusal(of: function) { throw .noFunction(name: "+" + name, reason: reason) }
        return hook(at: function)
    }

    private func refusal(of function: KernelFunction) -> SkipReason? {
        if function.addresses.isEmpty { return .inlined }
        return takesPacket(function) ? .takesPacket : nil
    }

    private func takesPacket(_ function: KernelFunction) -> Bool {
        if let arguments = function.arguments, arguments.skb != nil, arguments.skbMember == nil, arguments.isReachable {
            return true
        }
        return catalog.tracers(onKernelName: function.name).contains { id in
            let found = catalog.availability(of: catalog[id], inventory: inventory, capabilities: capabilities)
            guard case .available(let hook) = found else { return false }
            return hook.kernelName == function.name && hook.arguments.skb != nil
        }
    }

    /// By a perf event of its own: only such a probe sees on all kernels whether interrupts are on (BPF/under.h).
    private func hook(at function: KernelFunction) -> PlannedHook {
        PlannedHook(
            tracer: function.name, group: KernelMatcher.group, kernelName: function.name, kind: .function,
            method: .kprobe, addresses: function.addresses, arguments: HookArguments(), flags: .under, role: .aside,
            returns: FunctionReturn(type: function.returns))
    }

    /// At the entry of a function the return address has to be on the stack.
    private static var isSupported: Bool {
        #if arch(x86_64)
            true
        #else
            false
        #endif
    }
}

extension KernelInventory {
    /// Functions of the kernel that stand in for the return address of a call whose return is probed: kretprobes before
    /// 5.16 and since, rethook (5.18), the function graph tracer (6.14).
    public static let trampolineNames = [
        "kretprobe_trampoline", "__kretprobe_trampoline", "arch_rethook_trampoline", "return_to_handler",
    ]

    /// Addresses of those that this kernel has.
    var trampolines: [UInt64] { Self.trampolineNames.compactMap { functions[$0]?.addresses.first } }
}

extension PlannedHook {
    /// Whether it has no skb, and is shown where it runs under a traced function that has one.
    public var isUnder: Bool { flags.contains(.under) }
}

extension AttachPlan {
    /// Whether there are such hooks.
    public var hasHooksUnder: Bool { !trampolines.isEmpty }

    /// Lets the programs see the ends of all calls that have an skb, so that they know which one a function runs under.
    mutating func markCalls(_ inventory: KernelInventory, _ capabilities: Capabilities) {
        guard hooks.contains(where: \.isUnder) else { return }
        trampolines = inventory.trampolines
        for index in hooks.indices {
            let hook = hooks[index]
            guard hook.purpose == .event, hook.kind == .function, hook.arguments.skb != nil else { continue }
            hooks[index].marksReturn = true
            if hook.method == .kprobeMulti, capabilities.kprobeSession { hooks[index].method = .kprobeSession }
        }
    }
}
