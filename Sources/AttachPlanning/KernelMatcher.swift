import Tracers

/// Resolves patterns over the kernel's own names: `kernel:ip6_*`, `skb:kfree_skb`, `/^nft_/`.
struct KernelMatcher {
    let catalog: TracerCatalog
    let inventory: KernelInventory
    let capabilities: Capabilities

    /// Matching hooks, sorted by name.
    func hooks(matching pattern: KernelPattern) -> [PlannedHook] {
        switch pattern {
        case .functions(let glob):
            return functions { glob.matches($0) }
        case .tracepoints(let category, let name):
            return tracepoints { found in
                let parts = found.split(separator: ":")
                return parts.count == 2 && category.matches(parts[0]) && name.matches(parts[1])
            }
        case .regex(let regex):
            let wanted = Set(regex.matches(in: allNames))
            return functions { wanted.contains($0) } + tracepoints { wanted.contains($0) }
        }
    }

    /// Names of hooks that `--tracer-exclude` keeps out of patterns.
    func excluded(by selection: TracerSelection) -> Set<String> {
        var names = Set(selection.excludedPatterns.flatMap { hooks(matching: $0).map(\.tracer) })
        for id in selection.excludedTracers { names.formUnion([catalog[id].name] + catalog[id].kernelNames) }
        return names
    }

    func noMatch(_ pattern: KernelPattern) -> AttachPlanError {
        let text = pattern.description
        if case .functions = pattern, capabilities.functionMethod == nil {
            return .noMatch(pattern: text, nearest: [], reason: capabilities.functionRefusal)
        }
        let plain = text.split(separator: ":").last.map(String.init) ?? text
        return .noMatch(
            pattern: text, nearest: nearestNames(to: plain.filter { !"*?/^$".contains($0) }, in: allNames, limit: 5),
            reason: nil)
    }

    private var allNames: [String] {
        functions { _ in true }.map(\.tracer) + tracepoints { _ in true }.map(\.tracer)
    }

    /// Functions with an skb argument. Functions that only reach an skb through another argument are left to the
    /// catalog.
    private func functions(where matches: (String) -> Bool) -> [PlannedHook] {
        guard let method = capabilities.functionMethod else { return [] }
        return inventory.functions.values.compactMap { function in
            guard let arguments = function.arguments, arguments.skb != nil, arguments.skbMember == nil,
                arguments.isReachable, !function.addresses.isEmpty, matches(function.name)
            else { return nil }
            let known = catalogEntry(function.name)
            return PlannedHook(
                tracer: function.name, group: group(of: known), kernelName: function.name, kind: .function,
                method: method, addresses: function.addresses, arguments: arguments, flags: known?.flags ?? [],
                role: known?.role ?? .onward, returns: FunctionReturn(type: function.returns, meaning: known?.returns))
        }.sorted { $0.tracer < $1.tracer }
    }

    private func tracepoints(where matches: (String) -> Bool) -> [PlannedHook] {
        guard let method = capabilities.tracepointMethod else { return [] }
        return inventory.tracepoints.values.compactMap { tracepoint in
            let name = fullName(tracepoint)
            guard tracepoint.isUsable, matches(name) else { return nil }
            let known = catalogEntry(name)
            return PlannedHook(
                tracer: name, group: group(of: known), kernelName: tracepoint.name, kind: .tracepoint,
                method: method, arguments: tracepoint.arguments, flags: known?.flags ?? [],
                role: known?.role ?? .onward)
        }.sorted { $0.tracer < $1.tracer }
    }

    /// Only tracefs has all categories; if it cannot be read, the catalog has the important ones.
    private func fullName(_ tracepoint: KernelTracepoint) -> String {
        if let category = inventory.categories[tracepoint.name] { return "\(category):\(tracepoint.name)" }
        let suffix = ":" + tracepoint.name
        let known = catalog.tracers.lazy.filter { $0.kind == .tracepoint }.flatMap(\.kernelNames)
        return known.first { $0.hasSuffix(suffix) } ?? "unknown" + suffix
    }

    private func catalogEntry(_ kernelName: String) -> Tracer? {
        catalog.tracers(onKernelName: kernelName).first.map { catalog[$0] }
    }

    private func group(of known: Tracer?) -> String { known.map { catalog[$0.group].name } ?? Self.group }

    /// The value of `module` for hooks that belong to no group of the tree.
    static let group = "kernel"
}
