/// Resolves the names of a selection in the catalog.
struct SelectionResolver {
    let catalog: TracerCatalog

    func items(_ texts: [String]) throws(TracerSelectionError) -> [TracerSelection.Item] {
        var items: [TracerSelection.Item] = []
        for text in texts {
            for argument in try TracerArgument.parse(text) {
                items += try resolve(argument)
            }
        }
        return items
    }

    func exclusion(
        _ texts: [String]
    ) throws(TracerSelectionError) -> (tracers: Set<TracerID>, patterns: [KernelPattern], under: [Glob]) {
        var tracers: Set<TracerID> = []
        var patterns: [KernelPattern] = []
        var under: [Glob] = []
        for text in texts {
            for argument in try TracerArgument.parse(text) {
                if case .name(let name) = argument, let group = catalog.group(named: name) {
                    tracers.formUnion(group.subtree.map(TracerID.init(rawValue:)))
                    continue
                }
                for item in try resolve(argument) {
                    switch item {
                    case .tracer(let id, _): tracers.insert(id)
                    case .kernel(let pattern): patterns.append(pattern)
                    case .under(let pattern): under.append(pattern)
                    }
                }
            }
        }
        return (tracers, patterns, under)
    }

    private func resolve(_ argument: TracerArgument) throws(TracerSelectionError) -> [TracerSelection.Item] {
        switch argument {
        case .regex(let source): [.kernel(.regex(try NameRegex(source)))]
        case .kernel(let pattern): [.kernel(.functions(Glob(pattern)))]
        case .under(let name): [.under(Glob(name))]
        case .name(let name) where Glob.isPattern(name): try resolve(pattern: name)
        case .name(let name): try resolve(name: name)
        }
    }

    private func resolve(name: String) throws(TracerSelectionError) -> [TracerSelection.Item] {
        if let group = catalog.group(named: name) {
            return catalog.selected(by: group).map { .tracer($0, explicit: false) }
        }
        if let tracer = catalog.tracer(named: name) {
            return [.tracer(tracer.id, explicit: true)]
        }
        let aliased = catalog.tracers(onKernelName: name)
        if !aliased.isEmpty {
            return aliased.map { .tracer($0, explicit: true) }
        }
        if let tracepoints = tracepoints(name) {
            return [.kernel(tracepoints)]
        }
        throw .unknownName(name, nearest: nearestNames(to: name, in: catalog.names, limit: 5))
    }

    /// Resolves a pattern over the catalog; a pattern with a category also matches other tracepoints of the kernel.
    private func resolve(pattern: String) throws(TracerSelectionError) -> [TracerSelection.Item] {
        let glob = Glob(pattern)
        let tracers = catalog.tracers.filter { glob.matches($0.name) || $0.kernelNames.contains { glob.matches($0) } }
        let items = tracers.map { TracerSelection.Item.tracer($0.id, explicit: false) }
        if let tracepoints = tracepoints(pattern) {
            return items + [.kernel(tracepoints)]
        }
        guard !items.isEmpty else { throw .noMatch(pattern: pattern) }
        return items
    }

    private func tracepoints(_ text: String) -> KernelPattern? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        return .tracepoints(category: Glob(String(parts[0])), name: Glob(String(parts[1])))
    }
}
