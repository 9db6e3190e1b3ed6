/// The selected tracers: the meaning of all `-t` and `--tracer-exclude` arguments together.
///
/// Grammar of an item: a group, a tracer, a kernel name of a tracer, `category:name` of any tracepoint, a pattern over
/// the catalog (`ip_*`, see ``Glob``), `kernel:PATTERN` over all kernel functions, `/REGEX/` over all functions and
/// tracepoints, `+PATTERN` over functions without an skb. A group selects its tracers that are not off; all other items also select tracers that are off.
public struct TracerSelection: Hashable, Sendable {
    public enum Item: Hashable, Sendable {
        /// `explicit`: the user named this tracer itself, so that its absence from the kernel is an error instead of a
        /// note.
        case tracer(TracerID, explicit: Bool)
        /// To be resolved against the running kernel. May overlap with tracers of the selection.
        case kernel(KernelPattern)
        /// Functions without an skb, while they run under a traced function that has one.
        case under(Glob)
    }

    /// In the order of first mention, each tracer and pattern once.
    public private(set) var items: [Item]
    /// Hooks that kernel patterns must not select.
    public let excludedPatterns: [KernelPattern]
    /// Tracers that kernel patterns must not select.
    public let excludedTracers: Set<TracerID>
    /// Functions that a `+PATTERN` must not select.
    public let excludedUnder: [Glob]

    /// - Parameters:
    ///   - wanted: the arguments of `-t`, in order; if empty, the root group.
    ///   - excluded: the arguments of `--tracer-exclude`. Excluding a group excludes its whole subtree, but not its
    ///     includes. Exclusion takes precedence over selection by name.
    public init(
        wanted: [String], excluded: [String] = [], from catalog: TracerCatalog
    ) throws(TracerSelectionError) {
        let resolver = SelectionResolver(catalog: catalog)
        let exclusion = try resolver.exclusion(excluded)
        let arguments = wanted.isEmpty ? [catalog.root.name] : wanted
        items = []
        excludedPatterns = exclusion.patterns
        excludedTracers = exclusion.tracers
        excludedUnder = exclusion.under

        var positions: [Item: Int] = [:]
        for item in try resolver.items(arguments) {
            switch item {
            case .tracer(let id, _) where excludedTracers.contains(id):
                continue
            case .tracer(let id, let explicit):
                let key = Item.tracer(id, explicit: false)
                if let position = positions[key] {
                    // If selected by its group and by its own name, the name takes precedence.
                    if explicit { items[position] = item }
                } else {
                    positions[key] = items.count
                    items.append(item)
                }
            case .kernel, .under:
                if positions.updateValue(items.count, forKey: item) == nil { items.append(item) }
            }
        }
        guard !items.isEmpty else { throw .nothingSelected }
    }

    /// The tracers of the catalog among the items, in order.
    public var tracers: [TracerID] {
        items.compactMap { item in
            if case .tracer(let id, _) = item { id } else { nil }
        }
    }

    /// Names and patterns of functions without an skb, in order.
    public var functionsUnder: [Glob] {
        items.compactMap { item in
            if case .under(let pattern) = item { pattern } else { nil }
        }
    }

    /// Selects the tracers with a socket event, whether they are off or not.
    ///
    /// - Parameter isWanted: selects among them.
    public init(
        socketEventsOf catalog: TracerCatalog, excluded: [String] = [], where isWanted: (Tracer) -> Bool
    ) throws(TracerSelectionError) {
        let exclusion = try SelectionResolver(catalog: catalog).exclusion(excluded)
        excludedPatterns = exclusion.patterns
        excludedTracers = exclusion.tracers
        excludedUnder = exclusion.under
        items = catalog.tracers.filter { $0.event != nil && isWanted($0) && !exclusion.tracers.contains($0.id) }
            .map { .tracer($0.id, explicit: false) }
        guard !items.isEmpty else { throw .nothingSelected }
    }

    /// This selection followed by another one.
    public func adding(_ more: TracerSelection) -> TracerSelection {
        var all = self
        all.items += more.items.filter { !items.contains($0) }
        return all
    }
}
