// Checks of the root's keys `life` and `netfilter`, and of roles.
extension CatalogBuilder {
    func role(_ word: String?, path: String) throws(TracerCatalogError) -> HookRole? {
        try word.map { word throws(TracerCatalogError) in
            try value(word, of: HookRole.self, "role", path: "\(path.isEmpty ? "" : "\(path).")role")
        }
    }

    func life(_ document: LifeDocument) throws(TracerCatalogError) -> SkbLife {
        try check(kernelNames: [document.consumption], kind: .tracepoint, path: "life.consumption")
        try check(kernelNames: [document.drop], kind: .tracepoint, path: "life.drop")
        let always = try functions(document.fragments.always, path: "life.fragments.always")
        let afterWhole = try functions(document.fragments.afterWhole, path: "life.fragments.after_whole")
        try requireDifferent(afterWhole, from: always, in: "always", path: "life.fragments.after_whole")
        return SkbLife(
            links: try places(document.links, path: "life.links"), ends: try places(document.ends, path: "life.ends"),
            consumption: document.consumption, drop: document.drop, fragmentReleases: always,
            fragmentReleasesAfterWhole: afterWhole)
    }

    private func places(
        _ documents: [LifeDocument.Place], path: String
    ) throws(TracerCatalogError) -> [SkbLife.Place] {
        guard documents.contains(where: \.complete) else {
            throw .invalid(
                path: path, problem: "no function is marked \"complete\"",
                remedy: "write \"complete\": true at the function that every skb passes")
        }
        var places: [SkbLife.Place] = []
        for (index, document) in documents.enumerated() {
            let path = "\(path)[\(index)]"
            try check(kernelNames: document.functions, kind: .function, path: path + ".functions")
            if let tracepoint = document.unless {
                try check(kernelNames: [tracepoint], kind: .tracepoint, path: path + ".unless")
            }
            places.append(
                SkbLife.Place(
                    functions: document.functions, isComplete: document.complete, tracepointInside: document.unless))
        }
        return places
    }

    func netfilter(_ document: NetfilterDocument) throws(TracerCatalogError) -> NetfilterPlaces {
        var callers: [NetfilterPlaces.Caller] = []
        var paths: [String: String] = [:]
        for (index, document) in document.callers.enumerated() {
            let path = "netfilter.callers[\(index)]"
            for caller in try self.callers(document, path: path) {
                if let first = paths.updateValue(path, forKey: caller.function) {
                    throw .invalid(
                        path: path + ".functions", problem: "\"\(caller.function)\" is already at \(first)",
                        remedy: "a function calls one hook; leave it in one of the lists")
                }
                callers.append(caller)
            }
        }
        let nftables = try functions(document.engines.nftables, path: "netfilter.engines.nftables")
        let xtables = try functions(document.engines.xtables, path: "netfilter.engines.xtables")
        try requireDifferent(xtables, from: nftables, in: "nftables", path: "netfilter.engines.xtables")
        return NetfilterPlaces(
            callers: callers, queues: try functions(document.queues, path: "netfilter.queues"), nftables: nftables,
            xtables: xtables)
    }

    private func callers(
        _ document: NetfilterDocument.Caller, path: String
    ) throws(TracerCatalogError) -> [NetfilterPlaces.Caller] {
        let hook = try value(document.hook, of: NetfilterPlaces.Hook.self, "hook", path: path + ".hook")
        let family = try document.family.map { word throws(TracerCatalogError) in
            try value(word, of: NetfilterPlaces.Family.self, "family", path: path + ".family")
        }
        guard !document.bridged || family == nil else {
            throw .invalid(
                path: path + ".bridged", problem: "a hook that a bridge calls for IP has the packet's own family",
                remedy: "remove \"family\" or \"bridged\"")
        }
        if let function = document.outputAfter {
            guard hook == .forward else {
                throw .invalid(
                    path: path + ".output_after", problem: "only the hook forward may turn out to be output",
                    remedy: "remove it")
            }
            try check(kernelNames: [function], kind: .function, path: path + ".output_after")
        }
        try check(kernelNames: document.functions, kind: .function, path: path + ".functions")
        return document.functions.map {
            NetfilterPlaces.Caller(
                function: $0, hook: hook, family: family, isForBridge: document.bridged,
                outputAfter: document.outputAfter)
        }
    }

    private func functions(_ names: [String], path: String) throws(TracerCatalogError) -> Set<String> {
        if !names.isEmpty { try check(kernelNames: names, kind: .function, path: path) }
        return Set(names)
    }

    private func requireDifferent(
        _ names: Set<String>, from others: Set<String>, in list: String, path: String
    ) throws(TracerCatalogError) {
        guard let name = names.intersection(others).min() else { return }
        throw .invalid(
            path: path, problem: "\"\(name)\" is in \"\(list)\", too", remedy: "leave it in one of the lists")
    }

    private func value<Word: RawRepresentable<String> & CaseIterable>(
        _ word: String, of _: Word.Type, _ noun: String, path: String
    ) throws(TracerCatalogError) -> Word {
        guard let value = Word(rawValue: word) else {
            throw .invalid(
                path: path, problem: "unknown \(noun) \"\(word)\"",
                remedy: "use \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }
}
