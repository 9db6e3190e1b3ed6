/// The tracer tree of tracers.json, checked, with dense ids.
///
/// ``groups`` is the tree in depth-first order, so that a renderer prints it in one loop with ``TracerGroup/depth``.
public struct TracerCatalog: Sendable {
    /// All tracers, by ``TracerID/rawValue``. A group's own tracers come before those of the groups below it.
    public let tracers: [Tracer]
    /// All groups, by ``TracerGroupID/rawValue``: depth first, the root `all` first.
    public let groups: [TracerGroup]
    public let life: SkbLife
    public let netfilter: NetfilterPlaces

    private let tracerByName: [String: TracerID]
    private let groupByName: [String: TracerGroupID]
    private let tracersByKernelName: [String: [TracerID]]

    /// Takes lists whose ids are their indices and whose names are unique, as `CatalogBuilder` guarantees.
    init(tracers: [Tracer], groups: [TracerGroup], life: SkbLife, netfilter: NetfilterPlaces) {
        self.tracers = tracers
        self.groups = groups
        self.life = life
        self.netfilter = netfilter
        tracerByName = Dictionary(uniqueKeysWithValues: tracers.map { ($0.name, $0.id) })
        groupByName = Dictionary(uniqueKeysWithValues: groups.map { ($0.name, $0.id) })
        tracersByKernelName = tracers.reduce(into: [:]) { index, tracer in
            for name in tracer.kernelNames {
                index[name, default: []].append(tracer.id)
            }
        }
    }

    public var root: TracerGroup {
        groups[0]
    }

    public subscript(id: TracerID) -> Tracer {
        tracers[id.rawValue]
    }

    public subscript(id: TracerGroupID) -> TracerGroup {
        groups[id.rawValue]
    }

    public func tracer(named name: String) -> Tracer? {
        tracerByName[name].map { self[$0] }
    }

    public func group(named name: String) -> TracerGroup? {
        groupByName[name].map { self[$0] }
    }

    /// The tracers that can watch this kernel function or `category:name` tracepoint, in the order of the tree.
    public func tracers(onKernelName name: String) -> [TracerID] {
        tracersByKernelName[name] ?? []
    }

    /// The tracers that a group selects: those in its subtree that are not off (all of them, if all are off), then its
    /// includes.
    public func selected(by group: TracerGroup) -> [TracerID] {
        let all = group.subtree.lazy.map(TracerID.init(rawValue:))
        let wanted = all.filter { !self[$0].flags.contains(.off) }
        let own = wanted.isEmpty ? Array(all) : Array(wanted)
        let included = group.subgroups.lazy.flatMap { groups[$0].includes }
        var seen = Set<TracerID>()
        return (own + Array(included)).filter { seen.insert($0).inserted }
    }

    /// Every name that `-t` accepts: groups, tracers, and kernel names of tracers.
    public var names: [String] {
        let aliases = tracersByKernelName.keys.filter { tracerByName[$0] == nil && groupByName[$0] == nil }
        return groups.map(\.name) + tracers.map(\.name) + aliases.sorted()
    }
}
