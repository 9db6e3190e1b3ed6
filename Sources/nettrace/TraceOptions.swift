import AttachPlanning
import Diagnosis
import Events
import KernelAccess
import PacketFilter
import Rendering
import Tracers

/// The command line, checked and resolved before the kernel is inspected.
struct TraceOptions {
    var mode: TraceMode
    var selection: TracerSelection
    var configuration = TraceConfiguration()
    var view: ViewOptions
    /// The file to record to instead of showing events (`-w`).
    var recordingFile: String?
    var readyFile: ReadyFile?
    var verbose: Bool
    /// Tracers whose events carry call stacks.
    var stacks: StackTracers
    /// Whether functions also have an event when they return (`--ret`).
    var recordsReturns: Bool
    /// The method to attach to functions (`--backend`); nil: the best one of this kernel.
    var functionMethod: AttachMethod?
    /// Only with `--drop`.
    var drops: Drops?
    /// Reads the causes, which say which drops are part of normal operation.
    var causes: () throws -> CauseCatalog
    /// Notes on filters that match nothing at present.
    var filterNotes: [String]
    /// Protocols as `-p` names them.
    var protocols: [String]

    init(_ command: NettraceCommand, catalog: TracerCatalog) throws {
        let output = command.output
        mode = command.mode
        causes = CatalogFile(command.places.catalogFile).causes
        view = try ViewOptions(command)
        recordingFile = command.recording.output
        readyFile = try output.readyFile.map { try ReadyFile($0) }
        verbose = output.verbose
        functionMethod = try command.places.functionMethod()
        drops = try command.drop.drop || mode == .monitor ? Drops(command) : nil
        selection = try Self.selection(command, catalog: catalog)
        configuration.drops.summary = drops?.summary.map { summary in
            .init(dimensions: summary.dimensions.reduce(0) { $0 | $1.bit })
        }
        recordsReturns = command.returns.recordsReturns
        try command.returns.check(selection, in: catalog)
        let excluded = try command.negation.excluded()
        let check = try FilterCheck(command.metadata, excluded: excluded.map(\.metadata), machine: LocalMachine())
        configuration.filters = check.filters
        filterNotes = check.notes
        protocols = command.packets.protocols.listItems
        configuration.payload = command.payload.configuration
        // Whole packets fill the ring of headers too fast.
        if configuration.payload != nil { configuration.ringSize *= 4 }
        if let bytes = command.limits.ringBytes { configuration.ringSize = bytes }
        configuration.followsPackets = command.followsPackets
        // A dropped packet has no further events, so tracking is not needed for drops.
        configuration.tracksPackets = view.needsPackets || (recordingFile != nil && drops == nil)
        configuration.packetFilter = try command.packets.filter(excluding: excluded.map(\.packets))
            .map { KernelFilter($0) }
        configuration.sections = Self.sections(for: view)
        // A recording can be read with any view.
        if recordingFile != nil {
            configuration.sections.formUnion([.packet, .device, .task, .meta, .caller, .socket])
        }
        configuration.limits.perSecond = try command.monitoring.limit()
        configuration.limits.onlyAnomalies = mode == .monitor
        stacks = try Self.stacks(command, catalog: catalog)
        if view.diagnosing != nil, case .none = stacks { stacks = .named(Diagnosing.stackTracers) }
    }

    private static func selection(_ command: NettraceCommand, catalog: TracerCatalog) throws -> TracerSelection {
        switch command.mode {
        case .packets: break
        case .sockets: return try command.places.socketEvents(of: catalog) { _ in true }
        case .monitor:
            return try command.places.socketEvents(of: catalog) { $0.flags.contains(.monitor) }
                .adding(TracerSelection(wanted: [Drops.tracer], from: catalog))
        }
        if command.drop.drop { return try TracerSelection(wanted: [Drops.tracer], from: catalog) }
        // A diagnosis always needs the tracer of drops.
        var places = command.places
        if command.diagnosis.isWanted, places.choosesTracers { places.tracers.append(Diagnosing.dropTracer) }
        return try places.selection(from: catalog)
    }

    /// The settings of `--drop`.
    struct Drops {
        static let tracer = "skb:kfree_skb"

        /// The arguments of `--drop-ignore`, or their equivalent for `--monitor`.
        var ignored: [String]
        /// Whether drops of normal operation are left out.
        var leavesOutNormal: Bool { ignored.listItems.contains { DropReasons.isNormal($0) } }
        /// A table that replaces the events.
        var summary: DropSummary?

        init(_ command: NettraceCommand) throws {
            let arguments = command.drop
            ignored = command.mode == .monitor ? ["normal"] : arguments.dropIgnore
            summary = try arguments.summary.map { seconds in
                DropSummary(seconds: seconds, dimensions: try arguments.dimensions(), top: arguments.top)
            }
        }
    }

    struct DropSummary {
        /// Interval between tables.
        var seconds: Double
        var dimensions: [DropDimension]
        /// Maximum number of rows of a table; nil: the default.
        var top: Int?
    }

    enum StackTracers {
        case none
        case all
        case named(Set<String>)
    }

    private static func stacks(_ command: NettraceCommand, catalog: TracerCatalog) throws -> StackTracers {
        guard command.stacks.wantsStacks else { return .none }
        if command.drop.drop { return .all }
        if command.mode.showsSockets, command.stacks.stackTracer.isEmpty { return .all }
        let wanted = command.places.tracers.flatMap { $0.split(separator: ",") }
        let named = try command.stacks.tracers(
            in: catalog, selectsAll: !command.places.choosesTracers || wanted.contains("all"))
        return named.map { .named($0) } ?? .all
    }

    /// The sections that the view needs, and no others.
    private static func sections(for view: ViewOptions) -> TraceConfiguration.Sections {
        let columns = view.columns
        var sections: TraceConfiguration.Sections = .packet
        if columns.needsDevice { sections.insert(.device) }
        if columns.needsTask { sections.insert(.task) }
        if columns.needsMeta { sections.insert(.meta) }
        if columns.contains(.caller) { sections.insert(.caller) }
        if columns.needsSocket { sections.insert(.socket) }
        if columns.contains(.conntrack) { sections.insert(.conntrack) }
        // The report of a packet's end names the device and the process.
        if view.showsPackets { sections.formUnion([.device, .task]) }
        // Rules and routes may depend on the mark, and rules on the sending process.
        if view.diagnosing != nil { sections.formUnion([.meta, .socket]) }
        return sections
    }
}
