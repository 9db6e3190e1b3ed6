public import Tracers

/// Makes the plan from the selection and from what the kernel has and can do.
struct AttachPlanner {
    let catalog: TracerCatalog
    let inventory: KernelInventory
    let capabilities: Capabilities

    private var plan = AttachPlan()
    /// Locations in the plan: each gets one hook, for the first item that selects it.
    private var taken: Set<Location> = []

    private struct Location: Hashable {
        var kind: HookKind
        var name: String
    }

    init(catalog: TracerCatalog, inventory: KernelInventory, capabilities: Capabilities) {
        self.catalog = catalog
        self.inventory = inventory
        self.capabilities = capabilities
    }

    mutating func plan(_ selection: TracerSelection) throws(AttachPlanError) -> AttachPlan {
        for item in withoutStandIns(selection.items) {
            switch item {
            case .tracer(let id, let explicit): try add(catalog[id], explicit: explicit)
            case .kernel(let pattern): try add(pattern, of: selection)
            case .under: continue
            }
        }
        guard !plan.hooks.isEmpty else { throw .nothingToAttach(plan.skipped) }
        // Last, so that a function that is traced for its own packets keeps them.
        let under = UnderPlanner(catalog: catalog, inventory: inventory, capabilities: capabilities)
        for pattern in selection.functionsUnder {
            for hook in try under.hooks(pattern, excluding: selection.excludedUnder) { add(hook) }
        }
        guard plan.hooks.count <= AttachPlan.maximumHooks else { throw .tooManyHooks(plan.hooks.count) }
        return plan
    }

    /// Removes tracepoints that a group selects in place of a function, if the function is attached.
    private func withoutStandIns(_ items: [TracerSelection.Item]) -> [TracerSelection.Item] {
        let attachable = Set(
            items.compactMap { item -> TracerID? in
                guard case .tracer(let id, _) = item, case .available = availability(of: id) else { return nil }
                return id
            })
        return items.filter { item in
            guard case .tracer(let id, explicit: false) = item, let replaced = catalog[id].insteadOf else {
                return true
            }
            return !attachable.contains(replaced)
        }
    }

    private func availability(of id: TracerID) -> TracerAvailability {
        catalog.availability(of: catalog[id], inventory: inventory, capabilities: capabilities)
    }

    private mutating func add(_ tracer: Tracer, explicit: Bool) throws(AttachPlanError) {
        switch availability(of: tracer.id) {
        case .available(let hook) where hook.kind == .program:
            let (hooks, skipped) = catalog.programs(of: tracer, inventory)
            for hook in hooks { add(hook) }
            plan.skipped += skipped
        case .available(let hook):
            add(hook)
        case .missing(let reason):
            guard !explicit else { throw missing(tracer, reason) }
            plan.skipped.append(
                SkippedTracer(tracer: tracer.name, group: catalog[tracer.group].name, reason: reason))
        }
    }

    private mutating func add(_ hook: PlannedHook) {
        guard taken.insert(Location(kind: hook.kind, name: hook.kernelName)).inserted else { return }
        plan.hooks.append(hook)
    }

    /// Suggests only names that can be attached here.
    private func missing(_ tracer: Tracer, _ reason: SkipReason) -> AttachPlanError {
        let attachable = catalog.tracers.lazy.filter { tracer in
            if case .available = availability(of: tracer.id) { true } else { false }
        }
        let near = nearestNames(to: tracer.name, in: attachable.map(\.name), limit: 5)
        return .unavailable(tracer: tracer.name, reason: reason, nearest: near)
    }

    private mutating func add(_ pattern: KernelPattern, of selection: TracerSelection) throws(AttachPlanError) {
        let matcher = KernelMatcher(catalog: catalog, inventory: inventory, capabilities: capabilities)
        let excluded = matcher.excluded(by: selection)
        let found = matcher.hooks(matching: pattern)
        guard !found.isEmpty else { throw matcher.noMatch(pattern) }
        for hook in found where !excluded.contains(hook.tracer) { add(hook) }
    }
}

extension AttachPlan {
    /// Makes the plan for a selection on a kernel. A pure function, so that each kernel generation is a test.
    ///
    /// Throws if the user named something that this kernel does not have, and if nothing is left to attach. `tracking`
    /// adds the hooks that follow packets through clones, segments and rewrites.
    public init(
        _ selection: TracerSelection, catalog: TracerCatalog, inventory: KernelInventory,
        capabilities: Capabilities, tracking: Bool = false
    ) throws(AttachPlanError) {
        var planner = AttachPlanner(catalog: catalog, inventory: inventory, capabilities: capabilities)
        self = try planner.plan(selection)
        markCalls(inventory, capabilities)
        if tracking {
            TrackingPlanner(life: catalog.life, inventory: inventory, capabilities: capabilities).addHooks(to: &self)
        }
    }
}
