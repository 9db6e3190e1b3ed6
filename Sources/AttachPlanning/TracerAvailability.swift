public import Tracers

/// Whether and how a tracer of the catalog can be attached on a kernel.
public enum TracerAvailability: Sendable, Equatable {
    case available(PlannedHook)
    case missing(SkipReason)
}

extension TracerCatalog {
    /// Returns the first of the tracer's kernel names that can be attached; otherwise the reason of the last name that
    /// the kernel has, or `notInKernel`.
    public func availability(
        of tracer: Tracer, inventory: KernelInventory, capabilities: Capabilities
    ) -> TracerAvailability {
        var reason = SkipReason.notInKernel
        for name in tracer.kernelNames {
            let found =
                switch tracer.kind {
                case .function: function(name, for: tracer, inventory, capabilities)
                case .tracepoint: tracepoint(name, for: tracer, inventory, capabilities)
                case .program: program(for: tracer, inventory)
                }
            switch found {
            case .available: return found
            case .missing(.notInKernel): continue
            case .missing(let better): reason = better
            }
        }
        return .missing(reason)
    }

    private func function(
        _ name: String, for tracer: Tracer, _ inventory: KernelInventory, _ capabilities: Capabilities
    ) -> TracerAvailability {
        guard let function = inventory.functions[name], function.isKnown else { return .missing(.notInKernel) }
        guard !function.addresses.isEmpty else { return .missing(.inlined) }
        guard let method = capabilities.functionMethod else { return .missing(capabilities.functionRefusal) }
        let fallback = tracer.fallback.map { HookArguments(skb: $0.skb, skbMember: $0.offset) }
        guard let arguments = function.arguments ?? fallback else {
            return .missing(function.hasTypes ? .ambiguous : .noTypeInformation(module: function.module))
        }
        guard arguments.isTraceable, arguments.isReachable else { return .missing(.noUsableArgument) }
        return .available(
            PlannedHook(
                tracer: tracer.name, group: self[tracer.group].name, kernelName: name, kind: .function, method: method,
                addresses: function.addresses, arguments: arguments, flags: tracer.flags, role: tracer.role,
                returns: FunctionReturn(type: function.returns, meaning: tracer.returns)))
    }

    private func tracepoint(
        _ name: String, for tracer: Tracer, _ inventory: KernelInventory, _ capabilities: Capabilities
    ) -> TracerAvailability {
        // BTF has tracepoints without their category.
        let short = String(name.split(separator: ":").last ?? "")
        guard let tracepoint = inventory.tracepoints[short] else { return .missing(.notInKernel) }
        guard let method = capabilities.tracepointMethod else { return .missing(.noTracepoints) }
        guard tracepoint.isUsable else {
            return .missing(.noUsableArgument)
        }
        return .available(
            PlannedHook(
                tracer: tracer.name, group: self[tracer.group].name, kernelName: short, kind: .tracepoint,
                method: method, arguments: tracepoint.arguments, flags: tracer.flags, role: tracer.role))
    }
}
