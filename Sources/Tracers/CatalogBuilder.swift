/// Builds the catalog from the document: assigns ids in the order of the tree and rejects invalid entries.
struct CatalogBuilder {
    private var tracers: [Tracer] = []
    private var groups: [TracerGroup] = []
    /// Path of the first use of each name, for the error about a second use.
    private var pathByName: [String: String] = [:]
    /// References by name, resolved when all names are known.
    private var includes: [(group: TracerGroupID, name: String, path: String)] = []
    private var substitutes: [(tracer: TracerID, name: String, path: String)] = []

    /// - Parameter standard: the built-in values of the keys that a private file may leave out; nil for the built-in file,
    ///   which has to have them.
    static func catalog(
        from document: CatalogDocument, standard: TracerCatalog?
    ) throws(TracerCatalogError) -> TracerCatalog {
        var builder = CatalogBuilder()
        try builder.add(document.tree, parent: nil, path: "")
        try builder.resolveReferences()
        let life = try document.life.map { document throws(TracerCatalogError) in try builder.life(document) }
        let netfilter = try document.netfilter.map { document throws(TracerCatalogError) in
            try builder.netfilter(document)
        }
        guard let life = life ?? standard?.life, let netfilter = netfilter ?? standard?.netfilter else {
            throw .invalid(path: "", problem: "\"life\" or \"netfilter\" is missing", remedy: "add it")
        }
        return TracerCatalog(tracers: builder.tracers, groups: builder.groups, life: life, netfilter: netfilter)
    }

    @discardableResult
    private mutating func add(
        _ document: GroupDocument, parent: TracerGroup?, path: String
    ) throws(TracerCatalogError) -> TracerGroupID {
        let id = TracerGroupID(rawValue: groups.count)
        try claim(document.name, path: path)
        try check(description: document.description, path: path)
        guard !document.groups.isEmpty || !document.tracers.isEmpty else {
            throw .invalid(
                path: path, problem: "group \"\(document.name)\" is empty", remedy: "add a tracer or remove the group")
        }
        let firstTracer = tracers.count
        let group = TracerGroup(
            id: id, name: document.name, description: document.description, parent: parent?.id,
            depth: parent.map { $0.depth + 1 } ?? 0,
            role: try role(document.role, path: path) ?? parent?.role ?? .onward, groups: [], tracers: [], includes: [],
            subtree: firstTracer..<firstTracer, subgroups: id.rawValue..<id.rawValue)
        groups.append(group)
        for (index, name) in document.includes.enumerated() {
            includes.append((id, name, child(path, "includes", index)))
        }
        for (index, tracer) in document.tracers.enumerated() {
            try add(tracer, to: id, path: child(path, "tracers", index))
        }
        for (index, below) in document.groups.enumerated() {
            let added = try add(below, parent: group, path: child(path, "groups", index))
            groups[id.rawValue].groups.append(added)
        }
        groups[id.rawValue].subtree = firstTracer..<tracers.count
        groups[id.rawValue].subgroups = id.rawValue..<groups.count
        return id
    }

    private mutating func add(
        _ document: TracerDocument, to group: TracerGroupID, path: String
    ) throws(TracerCatalogError) {
        let id = TracerID(rawValue: tracers.count)
        try claim(document.name, path: path)
        try check(description: document.description, path: path)
        let kind = try hookKind(document.kind, path: path)
        let kernelNames = document.kernel ?? [document.name]
        try check(kernelNames: kernelNames, kind: kind, path: path + (document.kernel == nil ? ".name" : ".kernel"))
        if let name = document.insteadOf {
            substitutes.append((id, name, "\(path).instead_of"))
        }
        tracers.append(
            Tracer(
                id: id, group: group, name: document.name, kernelNames: kernelNames, kind: kind,
                flags: try flags(document.flags, path: path),
                role: try role(document.role, path: path) ?? groups[group.rawValue].role,
                description: document.description,
                fallback: try fallback(document.fallback, kind: kind, path: path), insteadOf: nil,
                returns: try returns(document.returns, kind: kind, path: path),
                event: try event(document.event, path: path)))
        groups[group.rawValue].tracers.append(id)
    }

    private mutating func claim(_ name: String, path: String) throws(TracerCatalogError) {
        let typeable = !name.isEmpty && name.utf8.allSatisfy { CatalogName.isTypeable($0) }
        guard typeable else {
            throw .invalid(
                path: "\(path.isEmpty ? "" : "\(path).")name",
                problem: "\"\(name)\" can't be typed after -t",
                remedy: "use letters, digits, _, - and : only")
        }
        if let first = pathByName[name] {
            throw .invalid(
                path: "\(path).name",
                problem: "the name \"\(name)\" is already used at \(first.isEmpty ? "the root" : first)",
                remedy: "names of groups and tracers share one list; rename one of them")
        }
        pathByName[name] = path
    }

    private mutating func resolveReferences() throws(TracerCatalogError) {
        let ids = Dictionary(uniqueKeysWithValues: tracers.map { ($0.name, $0.id) })
        for (group, name, path) in includes {
            groups[group.rawValue].includes.append(try resolve(name, in: ids, path: path))
        }
        let substituteIDs = Set(substitutes.map(\.tracer))
        for (tracer, name, path) in substitutes {
            let target = try resolve(name, in: ids, path: path)
            guard !substituteIDs.contains(target) else {
                throw .invalid(
                    path: path, problem: "\"\(name)\" itself stands in for another tracer",
                    remedy: "name a tracer without instead_of")
            }
            tracers[tracer.rawValue] = tracers[tracer.rawValue].standingIn(for: target)
        }
    }

    private func resolve(
        _ name: String, in ids: [String: TracerID], path: String
    ) throws(TracerCatalogError) -> TracerID {
        if let id = ids[name] {
            return id
        }
        let near = nearestNames(to: name, in: tracers.map(\.name), limit: 3)
        throw .invalid(
            path: path, problem: "there is no tracer \"\(name)\"",
            remedy: near.isEmpty ? "name a tracer of this file" : "did you mean \(near.joined(separator: ", "))?")
    }

    private func child(_ path: String, _ key: String, _ index: Int) -> String {
        "\(path.isEmpty ? "" : "\(path).")\(key)[\(index)]"
    }
}

extension Tracer {
    fileprivate func standingIn(for target: TracerID) -> Tracer {
        Tracer(
            id: id, group: group, name: name, kernelNames: kernelNames, kind: kind, flags: flags, role: role,
            description: description, fallback: fallback, insteadOf: target, returns: returns, event: event)
    }
}
