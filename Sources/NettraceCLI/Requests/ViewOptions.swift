import Rendering
import Tracers

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
    var diagnosisSetup: DiagnosisSetup?
    /// Whether events of sockets are shown.
    var showsSockets: Bool
    /// How the bytes of packets are shown; nil: not at all.
    var payload: PayloadForm?

    /// Whether sockets are shown with their owners.
    var namesSockets: Bool { columns.needsSocket || showsSockets }
    /// Whether packets are shown one by one, each as a whole.
    var showsPackets: Bool { life.timeline || graph || diagnosisSetup != nil }
    /// Whether events have to be grouped by packet.
    var needsPackets: Bool { life.choosesView || graph || diagnosisSetup != nil }

    init(_ request: EventsRequest) throws {
        columns = try request.output.outputColumns()
        if request.stacks.caller { columns.insert(.caller) }
        if request.mode == .monitor { columns.formUnion([.interface, .pid]) }
        if request.stacks.stackFull { columns.insert(.fullStacks) }
        if request.returns.recordsReturns { columns.insert(.returns) }
        json = request.running.json
        date = request.output.date
        count = request.running.count
        life = request.life
        graph = request.returns.graph
        showsSockets = request.mode.showsSockets
        limits = request.limits
        payload = request.payload.form
        guard request.diagnosis.isWanted else { return }
        let file = CatalogFile(request.places.catalogFile)
        diagnosisSetup = DiagnosisSetup(
            request.diagnosis, causes: try file.causes(), netfilter: try file.tracers().netfilter,
            selectsPackets: request.packets.selectsPackets, asksThisMachine: !request.readsRecording)
        columns.insert(.returns)
        if !request.stacks.wantsStacks { columns.insert(.hiddenStacks) }
    }
}
