import Analysis
import Recording
import Tracers

/// Selects hooks of a recording by `-t` and `--tracer-exclude`. Names are those of the recording; groups above them,
/// and groups that include others, come from this program's catalog.
struct ReplaySelection {
    let hooks: [RecordedHook]
    let catalog: TracerCatalog

    /// Whether the events of each hook are wanted.
    func selected(wanted: [String], excluded: [String]) throws -> [Bool] {
        let items = Self.items(wanted)
        // Functions after a + are shown besides others.
        var selected = hooks.map { _ in items.allSatisfy { $0.hasPrefix("+") } }
        for item in items {
            let found = try places(of: item)
            guard !found.isEmpty else {
                throw RunError("-t '\(item)': the recording has no such tracer; it has \(known)")
            }
            for place in found { selected[place] = true }
        }
        for item in Self.items(excluded) {
            let found = try places(of: item)
            guard !found.isEmpty || isKnown(item) else {
                throw RunError("--tracer-exclude '\(item)': there is no such tracer; the recording has \(known)")
            }
            for place in found { selected[place] = false }
        }
        return selected
    }

    /// A regular expression may contain commas, so it is an argument of its own.
    private static func items(_ arguments: [String]) -> [String] {
        arguments.flatMap { $0.hasPrefix("/") ? [$0] : $0.split(separator: ",").map(String.init) }
    }

    private func places(of item: String) throws -> [Int] {
        if item.count > 1, item.hasPrefix("/"), item.hasSuffix("/") {
            let names = Set(try NameRegex(String(item.dropFirst().dropLast())).matches(in: hooks.map(\.kernelName)))
            return hooks.indices.filter { names.contains(hooks[$0].kernelName) }
        }
        let kernel = "kernel:"
        if item.hasPrefix(kernel) {
            let glob = Glob(String(item.dropFirst(kernel.count)))
            return hooks.indices.filter { glob.matches(hooks[$0].kernelName) }
        }
        if item.hasPrefix("+") {
            let glob = Glob(String(item.dropFirst()))
            return hooks.indices.filter { hooks[$0].tracerFlags.contains(.under) && glob.matches(hooks[$0].kernelName) }
        }
        let group = catalog.group(named: item)
        let below = Set(group.map { catalog.selected(by: $0).map { catalog[$0].name } } ?? [])
        let glob = Glob.isPattern(item) ? Glob(item) : nil
        return hooks.indices.filter { place in
            let hook = hooks[place]
            guard hook.showsEvents else { return false }
            return [hook.tracer, hook.group, hook.kernelName].contains(item) || below.contains(hook.tracer)
                || glob?.matches(hook.tracer) ?? false || group?.name == catalog.root.name
        }
    }

    /// Whether --tracer-exclude may name the item although the recording lacks it; a misspelt name is an error.
    private func isKnown(_ item: String) -> Bool {
        catalog.group(named: item) != nil || catalog.tracer(named: item) != nil
            || !catalog.tracers(onKernelName: item).isEmpty || Glob.isPattern(item) || item.hasPrefix("/")
    }

    /// Names from the file, without characters that could control the terminal.
    private var known: String {
        let shown = hooks.filter(\.showsEvents)
        let names = shown.prefix(20).map {
            String(decoding: $0.tracer.utf8.filter { 0x20..<0x7f ~= $0 }, as: UTF8.self)
        }
        return names.joined(separator: ", ") + (shown.count > 20 ? ", …" : "")
    }
}
