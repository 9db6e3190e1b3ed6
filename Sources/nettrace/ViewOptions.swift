import Rendering

/// The contents and form of the output, the same for traces and recordings.
struct ViewOptions {
    var columns: OutputColumns
    var json: Bool
    var date: Bool
    var count: UInt64?
    var life: PacketLifeArguments
    /// Whether each packet is shown as a tree of calls.
    var graph: Bool
    var limits: LimitArguments
    /// The diagnosis, if packets are judged.
    var diagnosing: Diagnosing?
    /// Whether events of sockets are shown.
    var showsSockets: Bool
    /// How the bytes of packets are shown; nil: not at all.
    var payload: PayloadForm?

    /// Whether sockets are shown with their owners.
    var namesSockets: Bool { columns.needsSocket || showsSockets }
    /// Whether packets are shown one by one, each as a whole.
    var showsPackets: Bool { life.timeline || graph || diagnosing != nil }
    /// Whether events have to be grouped by packet.
    var needsPackets: Bool { life.choosesView || graph || diagnosing != nil }

    init(_ command: NettraceCommand) throws {
        columns = try command.output.outputColumns()
        if command.stacks.caller { columns.insert(.caller) }
        if command.mode == .monitor { columns.formUnion([.interface, .pid]) }
        if command.stacks.stackFull { columns.insert(.fullStacks) }
        if command.returns.recordsReturns { columns.insert(.returns) }
        json = command.output.json
        date = command.output.date
        count = command.output.count
        life = command.life
        graph = command.returns.graph
        showsSockets = command.mode.showsSockets
        limits = command.limits
        payload = command.payload.form
        guard command.diagnosis.isWanted else { return }
        diagnosing = Diagnosing(
            command.diagnosis, causes: try CatalogFile(command.places.catalogFile).causes(),
            selectsPackets: command.packets.selectsPackets, asksThisMachine: command.recording.input == nil)
        columns.insert(.returns)
        if !command.stacks.wantsStacks { columns.insert(.hiddenStacks) }
    }
}
