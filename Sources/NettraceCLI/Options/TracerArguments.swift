import ArgumentParser
import AttachPlanning
import Tracers

/// Options for the places of the kernel to watch.
struct TracerArguments: ParsableArguments {
    @Option(
        name: [.customShort("t", allowingJoined: true), .customLong("tracer"), .customLong("trace")],
        help: .init(
            """
            Groups or tracers, comma-separated; '?' lists them. Also kernel:PATTERN, /regex/, category:tracepoint, and \
            +FUNCTION: any function of the kernel, while a traced one that has the packet calls it.
            """,
            valueName: "tracers"))
    var tracers: [String] = []

    @Option(name: .customLong("tracer-exclude"), help: .init("The same, to leave out.", valueName: "tracers"))
    var excluded: [String] = []

    @Option(name: .customLong("tracers"), help: .init("Take the tracer tree from this file.", valueName: "file"))
    var catalogFile: String?

    @Option(
        help: .init(
            "How to attach to functions: kprobe, kprobe.multi or kprobe.session. By default the best there is.",
            valueName: "method"))
    var backend: String?

    /// The method that the user chose to attach to functions; nil: the best one of this kernel.
    func functionMethod() throws -> AttachMethod? {
        guard let backend else { return nil }
        guard let method = AttachMethod(rawValue: backend), method.isForFunctions else {
            throw ValidationError("--backend '\(backend)': the methods are kprobe, kprobe.multi and kprobe.session")
        }
        return method
    }

    /// A question mark asks for the tree, also as an item of a list.
    var asksForTree: Bool {
        tracers.contains { $0.split(separator: ",").contains { $0.filter { $0 != " " } == "?" } }
    }

    /// Whether the items choose tracers: functions after a + are shown besides others.
    var choosesTracers: Bool {
        tracers.contains { $0.split(separator: ",").contains { $0.first { $0 != " " } != "+" } }
    }

    func catalog() throws -> TracerCatalog { try CatalogFile(catalogFile).tracers() }

    /// Tracers with a socket event, without those of --tracer-exclude.
    func socketEvents(of catalog: TracerCatalog, where isWanted: (Tracer) -> Bool) throws -> TracerSelection {
        do {
            return try TracerSelection(socketEventsOf: catalog, excluded: excluded, where: isWanted)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func selection(from catalog: TracerCatalog) throws -> TracerSelection {
        do {
            let wanted = choosesTracers ? tracers : [catalog.root.name] + tracers
            return try TracerSelection(wanted: wanted, excluded: excluded, from: catalog)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
