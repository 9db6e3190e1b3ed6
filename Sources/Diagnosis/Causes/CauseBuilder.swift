import Tracers

/// Builds the catalog of causes from the document; rejects invalid and contradictory entries.
struct CauseBuilder {
    private let tracers: TracerCatalog
    private(set) var index = CauseIndex()

    static func catalog(
        from document: DiagnosisDocument, tracers: TracerCatalog
    ) throws(TracerCatalogError) -> CauseCatalog {
        var builder = CauseBuilder(tracers: tracers)
        var causes: [Cause] = []
        for (number, cause) in (document.causes ?? []).enumerated() {
            causes.append(try builder.cause(cause, number: number))
        }
        var reasons: [DropReason] = []
        for (number, reason) in (document.reasons ?? []).enumerated() {
            reasons.append(try builder.reason(reason, number: number, causes: causes))
        }
        for (number, cause) in causes.enumerated() {
            try builder.checkReferences(of: cause, number: number)
        }
        var counters: [Counter] = []
        for (number, counter) in (document.counters ?? []).enumerated() {
            counters.append(try builder.counter(counter, path: "counters[\(number)]"))
        }
        return CauseCatalog(causes: causes, reasons: reasons, counters: counters, index: builder.index)
    }

    private init(tracers: TracerCatalog) {
        self.tracers = tracers
    }

    private mutating func cause(_ document: CauseDocument, number: Int) throws(TracerCatalogError) -> Cause {
        let path = "causes[\(number)]"
        try check(slug: document.slug, path: "\(path).slug")
        if let first = index.causeBySlug.updateValue(number, forKey: document.slug) {
            throw .invalid(
                path: "\(path).slug", problem: "the slug \"\(document.slug)\" is already used at causes[\(first)]",
                remedy: "rename one of them, or merge them")
        }
        for (key, text) in [("group", document.group), ("title", document.title), ("meaning", document.meaning)] {
            try check(text: text, path: "\(path).\(key)")
        }
        guard let severity = Cause.Severity(rawValue: document.severity) else {
            throw .invalid(
                path: "\(path).severity", problem: "unknown severity \"\(document.severity)\"",
                remedy: "use \(Cause.Severity.allCases.reversed().map(\.rawValue).joined(separator: ", "))")
        }
        for (position, text) in document.arises.enumerated() {
            try check(text: text, path: "\(path).arises[\(position)]")
        }
        for (position, counter) in document.counters.enumerated() {
            try check(counter: counter, path: "\(path).counters[\(position)]")
        }
        for (position, name) in document.locations.enumerated() {
            try check(function: name, path: "\(path).locations[\(position)]")
            index.causesByLocation[name, default: []].append(number)
        }
        return Cause(
            slug: document.slug, group: document.group, severity: severity, isStray: document.stray,
            title: document.title,
            meaning: document.meaning, arises: document.arises,
            check: try steps(document.check, path: "\(path).check"), fix: try steps(document.fix, path: "\(path).fix"),
            counters: document.counters, related: document.see, narrower: document.narrower,
            locations: document.locations,
            refinements: try refinements(document.refines, path: "\(path).refines"),
            returns: document.returns.map { Cause.Return(tracer: $0.tracer, value: $0.value) },
            unansweredRequests: try unansweredRequests(document.silent, path: "\(path).silent"),
            alternatives: document.or)
    }

    private func steps(_ documents: [StepDocument], path: String) throws(TracerCatalogError) -> [Cause.Step] {
        var steps: [Cause.Step] = []
        for (position, step) in documents.enumerated() {
            try check(text: step.note, path: "\(path)[\(position)].note")
            try check(placeholdersOf: step.note, path: "\(path)[\(position)].note")
            if let run = step.run {
                try check(text: run, path: "\(path)[\(position)].run")
                try check(placeholdersOf: run, path: "\(path)[\(position)].run")
            }
            steps.append(Cause.Step(command: step.run, note: step.note))
        }
        return steps
    }

    private mutating func reason(
        _ document: ReasonDocument, number: Int, causes: [Cause]
    ) throws(TracerCatalogError) -> DropReason {
        let path = "reasons[\(number)]"
        guard CatalogName.isIdentifier(document.name) else {
            throw .invalid(
                path: "\(path).name", problem: "\"\(document.name)\" is no name of a drop reason",
                remedy: "write it as the kernel does: SKB_DROP_REASON_NO_SOCKET")
        }
        try check(text: document.meaning, path: "\(path).meaning")
        guard index.causeBySlug[document.cause] != nil else {
            throw .invalid(
                path: "\(path).cause", problem: "there is no cause \"\(document.cause)\"",
                remedy: suggestion(for: document.cause, in: causes.map(\.slug)) ?? "add it to causes")
        }
        if let first = index.reasonByKey.updateValue(number, forKey: DropReason.key(document.name)) {
            throw .invalid(
                path: "\(path).name", problem: "\"\(document.name)\" is already explained at reasons[\(first)]",
                remedy: "a reason has one cause; remove one of them")
        }
        return DropReason(
            name: document.name, meaning: document.meaning, cause: document.cause, isNormal: document.normal)
    }

    /// Checks references, for which all causes and reasons must be known.
    private mutating func checkReferences(of cause: Cause, number: Int) throws(TracerCatalogError) {
        let path = "causes[\(number)]"
        try check(others: cause.related, than: cause, path: "\(path).see")
        try check(others: cause.narrower, than: cause, path: "\(path).narrower")
        try check(others: cause.alternatives, than: cause, path: "\(path).or")
        for (position, refinement) in cause.refinements.enumerated() {
            let here = "\(path).refines[\(position)]"
            try check(function: refinement.location, path: "\(here).location")
            let key = DropReason.key(refinement.reason)
            guard index.reasonByKey[key] != nil else {
                throw .invalid(
                    path: "\(here).reason", problem: "there is no reason \"\(refinement.reason)\"",
                    remedy: "add it to reasons, or write it as the kernel does")
            }
            let place = CauseIndex.Place(reason: key, location: refinement.location)
            let others = index.causesByPlace[place] ?? []
            index.causesByPlace[place, default: []].append((refinement.kind, number))
            if let first = others.first(where: { $0.kind == refinement.kind })?.cause {
                throw .invalid(
                    path: here,
                    problem: "\(refinement.reason) in \(refinement.location) already means causes[\(first)]",
                    remedy: "remove one of them")
            }
        }
        for (position, found) in cause.returns.enumerated() {
            try add(found, of: number, path: "\(path).returns[\(position)]")
        }
    }

    private func check(others slugs: [String], than cause: Cause, path: String) throws(TracerCatalogError) {
        for (position, slug) in slugs.enumerated() where index.causeBySlug[slug] == nil || slug == cause.slug {
            throw .invalid(
                path: "\(path)[\(position)]", problem: "\"\(slug)\" is no other cause",
                remedy: suggestion(for: slug, in: index.causeBySlug.keys.sorted()) ?? "name a cause of this file")
        }
    }

    private mutating func add(_ found: Cause.Return, of number: Int, path: String) throws(TracerCatalogError) {
        guard tracers.tracer(named: found.tracer) != nil else {
            throw .invalid(
                path: "\(path).tracer", problem: "there is no tracer \"\(found.tracer)\"",
                remedy: suggestion(for: found.tracer, in: tracers.tracers.map(\.name))
                    ?? "add the tracer to the tree, or remove this")
        }
        guard let value = ReturnValue.number(found.value) else {
            throw .invalid(
                path: "\(path).value", problem: "\"\(found.value)\" is no return value that is known here",
                remedy: ReturnValue.remedy)
        }
        let result = CauseIndex.Result(tracer: found.tracer, value: value)
        if let first = index.causeByResult.updateValue(number, forKey: result) {
            throw .invalid(
                path: path, problem: "\(found.value) of \(found.tracer) already means causes[\(first)]",
                remedy: "remove one of them")
        }
    }

    private func suggestion(for name: String, in candidates: [String]) -> String? {
        let near = nearestNames(to: name, in: candidates, limit: 3)
        return near.isEmpty ? nil : "did you mean \(near.joined(separator: ", "))?"
    }
}
