import AttachPlanning
import KernelAccess
import PacketFilter
import Rendering
import Tracers

/// The command line, checked and resolved: everything a trace needs to know before it looks at the kernel.
struct TraceOptions {
    var selection: TracerSelection
    var configuration = TraceConfiguration()
    var columns: OutputColumns
    var json: Bool
    var date: Bool
    var count: UInt64?
    var readyFile: ReadyFile?
    var verbose: Bool
    var life: PacketLifeArguments
    /// Tracers whose events carry call stacks.
    var stacks: StackTracers
    /// Whether the interface of -i exists in this namespace; others are matched by name all the same.
    var missingInterface: String?

    init(_ command: NettraceCommand, catalog: TracerCatalog) throws {
        let output = command.output
        columns = try output.outputColumns()
        json = output.json
        date = output.date
        count = output.count
        readyFile = try output.readyFile.map { try ReadyFile($0) }
        verbose = output.verbose
        selection = try command.places.selection(from: catalog)
        try command.metadata.apply(to: &configuration)
        configuration.followsPackets = command.life.skbMode
        configuration.tracksPackets = command.life.needsTracking
        life = command.life
        if let interface = configuration.interface, interface.index == 0 { missingInterface = interface.name }
        let filter = try command.packets.filter()
        configuration.packetFilter = filter?.instructions
        configuration.filterSeesVLANTags = filter?.looksAtVLANTags ?? false
        configuration.sections = Self.sections(for: columns)
        // How a packet ended is told with the device and the process.
        if command.life.timeline { configuration.sections.formUnion([.device, .task]) }
        stacks = try Self.stacks(command, catalog: catalog)
        if command.stacks.caller { configuration.sections.insert(.caller) }
        if command.stacks.stackFull { columns.insert(.fullStacks) }
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

    /// Records carry what the columns show, and nothing else.
    private static func sections(for columns: OutputColumns) -> TraceConfiguration.Sections {
        var sections: TraceConfiguration.Sections = .packet
        if columns.needsDevice { sections.insert(.device) }
        if columns.needsTask { sections.insert(.task) }
        if columns.needsMeta { sections.insert(.meta) }
        return sections
    }
}
