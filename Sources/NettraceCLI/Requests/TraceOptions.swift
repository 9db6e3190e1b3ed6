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
    /// The capture file to write, instead of showing events or beside that (`--pcapng`).
    var packetFile: PacketFile?
    /// The packet filter as an expression.
    var filterExpression: String?
    /// The file to record to instead of showing events (`-w`).
    var recordingFile: String?
    var readyFile: ReadyFile?
    /// Called once events are recorded.
    var whenReady: () throws -> Void = {}
    /// Ends the run when it returns true; asked often.
    var isOver: () -> Bool = { false }
    var verbose: Bool
    /// Tracers whose events carry call stacks.
    var stacks: StackTracers
    /// Whether functions also have an event when they return (`--ret`).
    var recordsReturns: Bool
    /// The method to attach to functions (`--backend`); nil: the best one of this kernel.
    var functionMethod: AttachMethod?
    /// Only with `--drop`.
    var drops: DropRequest?
    /// Reads the causes, which say which drops are part of normal operation.
    var causes: () throws -> CauseCatalog
    /// Notes on filters that match nothing at present.
    var filterNotes: [String]
    /// Protocols as `-p` names them.
    var protocols: [String]

    /// The diagnosis of what is shown or written.
    var diagnosisSetup: DiagnosisSetup? { packetFile?.view.diagnosisSetup ?? view.diagnosisSetup }
    var namesSockets: Bool { view.namesSockets || packetFile?.view.namesSockets == true || selectsOwners }
    private var selectsOwners: Bool { packetFile?.settings.processes.isEmpty == false }

    init(_ asked: EventsRequest, catalog: TracerCatalog) throws {
        let request = asked.packetFile.isWanted ? asked.ofPacketFile : asked
        packetFile = try PacketFile(asked)
        mode = request.mode
        causes = CatalogFile(request.places.catalogFile).causes
        view = try ViewOptions(packetFile?.shows == true ? asked : request)
        // Sections recorded for the verdicts in a capture file are not shown unless asked for.
        if packetFile != nil, !asked.stacks.wantsStacks { view.columns.insert(.hiddenStacks) }
        recordingFile = request.recordingFile
        readyFile = try request.running.readyFile.map { try ReadyFile($0) }
        verbose = request.running.verbose
        functionMethod = try request.places.functionMethod()
        drops = request.shownDrops
        selection = try Self.selection(request, catalog: catalog)
        configuration.drops.summary = drops?.table.map { table in
            .init(dimensions: table.dimensions.reduce(0) { $0 | $1.bit })
        }
        recordsReturns = request.returns.recordsReturns
        try request.returns.check(selection, in: catalog)
        let excluded = try request.negation.excluded()
        var check = try FilterCheck(request.metadata, excluded: excluded.map(\.metadata), machine: LocalMachine())
        if packetFile?.shows == false { packetFile?.settings.processes = check.takeProcesses() }
        configuration.filters = check.filters
        filterNotes = check.notes
        protocols = request.packets.protocols.listItems
        configuration.payload = request.payload.configuration
        // Whole packets fill the ring of headers too fast.
        if configuration.payload != nil { configuration.ringSize *= 4 }
        if let bytes = request.limits.ringBytes { configuration.ringSize = bytes }
        configuration.followsPackets = request.followsPackets
        // A dropped packet has no further events, so tracking is not needed for drops.
        configuration.tracksPackets = view.needsPackets || packetFile != nil || (recordingFile != nil && drops == nil)
        let filter = try request.packets.filter(excluding: excluded.map(\.packets))
        filterExpression = filter?.expression
        configuration.packetFilter = filter.map { KernelFilter($0) }
        configuration.sections = Self.sections(for: view)
        if let packetFile { configuration.sections.formUnion(Self.sections(for: packetFile.view).union(.meta)) }
        if packetFile?.settings.processes.isEmpty == false { configuration.sections.formUnion([.task, .socket]) }
        // A recording can be read with any view.
        if recordingFile != nil {
            configuration.sections.formUnion([.packet, .device, .task, .meta, .caller, .socket])
        }
        configuration.limits.perSecond = try request.monitoring.limit()
        configuration.limits.onlyAnomalies = mode == .monitor
        stacks = try Self.stacks(request, catalog: catalog)
        if diagnosisSetup != nil, case .none = stacks { stacks = .named(DiagnosisSetup.stackTracers) }
    }

    private static func selection(_ request: EventsRequest, catalog: TracerCatalog) throws -> TracerSelection {
        switch request.mode {
        case .packets: break
        case .sockets: return try request.places.socketEvents(of: catalog) { _ in true }
        case .monitor:
            return try request.places.socketEvents(of: catalog) { $0.flags.contains(.monitor) }
                .adding(TracerSelection(wanted: DropRequest.tracers, from: catalog))
        }
        if let drops = request.drops {
            let wanted = drops.table == nil ? DropRequest.tracers : [DropRequest.tracer]
            return try TracerSelection(wanted: wanted, from: catalog)
        }
        // A diagnosis always needs the tracer of drops.
        var places = request.places
        if request.diagnosis.isWanted, places.choosesTracers { places.tracers.append(DiagnosisSetup.dropTracer) }
        return try places.selection(from: catalog)
    }

    enum StackTracers {
        case none
        case all
        case named(Set<String>)
    }

    private static func stacks(_ request: EventsRequest, catalog: TracerCatalog) throws -> StackTracers {
        guard request.stacks.wantsStacks else { return .none }
        if request.drops != nil { return .all }
        if request.mode.showsSockets, request.stacks.stackTracer.isEmpty { return .all }
        let wanted = request.places.tracers.flatMap { $0.split(separator: ",") }
        let named = try request.stacks.tracers(
            in: catalog, selectsAll: !request.places.choosesTracers || wanted.contains("all"))
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
        if view.diagnosisSetup != nil { sections.formUnion([.meta, .socket]) }
        return sections
    }
}
