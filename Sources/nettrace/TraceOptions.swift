import AttachPlanning
import KernelAccess
import PacketFilter
import Rendering
import Tracers

/// The command line, checked and resolved: everything a trace needs to know before it looks at the kernel.
struct TraceOptions {
    var selection: TracerSelection
    var configuration = TraceConfiguration()
    var view: ViewOptions
    /// Where to record instead of showing (`-w`).
    var recordingFile: String?
    var readyFile: ReadyFile?
    var verbose: Bool
    /// Tracers whose events carry call stacks.
    var stacks: StackTracers
    /// Functions have an event when they return, too (`--ret`).
    var recordsReturns: Bool
    /// How to attach to functions (`--backend`); `nil`: as is best here.
    var functionMethod: AttachMethod?
    /// Whether the interface of -i exists in this namespace; others are matched by name all the same.
    var missingInterface: String?

    init(_ command: NettraceCommand, catalog: TracerCatalog) throws {
        let output = command.output
        view = try ViewOptions(command)
        recordingFile = command.recording.output
        readyFile = try output.readyFile.map { try ReadyFile($0) }
        verbose = output.verbose
        functionMethod = try command.places.functionMethod()
        selection = try command.places.selection(from: catalog)
        recordsReturns = command.returns.recordsReturns
        try command.returns.check(selection, in: catalog)
        try command.metadata.apply(to: &configuration)
        configuration.followsPackets = command.life.skbMode
        configuration.tracksPackets = view.needsPackets || recordingFile != nil
        if let interface = configuration.interface, interface.index == 0 { missingInterface = interface.name }
        let filter = try command.packets.filter()
        configuration.packetFilter = filter?.instructions
        configuration.filterSeesVLANTags = filter?.looksAtVLANTags ?? false
        configuration.sections = Self.sections(for: view)
        // Whoever reads a recording may ask for any view.
        if recordingFile != nil { configuration.sections = [.packet, .device, .task, .meta, .caller, .socket] }
        stacks = try Self.stacks(command, catalog: catalog)
    }

    enum StackTracers {
        case none
        case all
        case named(Set<String>)
    }

    private static func stacks(_ command: NettraceCommand, catalog: TracerCatalog) throws -> StackTracers {
        guard command.stacks.wantsStacks else { return .none }
        let wanted = command.places.tracers.flatMap { $0.split(separator: ",") }
        let named = try command.stacks.tracers(in: catalog, selectsAll: wanted.isEmpty || wanted.contains("all"))
        return named.map { .named($0) } ?? .all
    }

    /// Records carry what the view shows, and nothing else.
    private static func sections(for view: ViewOptions) -> TraceConfiguration.Sections {
        let columns = view.columns
        var sections: TraceConfiguration.Sections = .packet
        if columns.needsDevice { sections.insert(.device) }
        if columns.needsTask { sections.insert(.task) }
        if columns.needsMeta { sections.insert(.meta) }
        if columns.contains(.caller) { sections.insert(.caller) }
        if columns.needsSocket { sections.insert(.socket) }
        // How a packet ended is told with the device and the process.
        if view.showsPackets { sections.formUnion([.device, .task]) }
        return sections
    }
}
