import AttachPlanning
import Events
import KernelAccess
import PacketFilter
import Rendering

/// The common part of `--rtt` and `--tcp-summary`, from the arguments to the open gate.
struct ConnectionRun {
    let arguments: ConnectionArguments
    let view: ConnectionArguments.View
    let dimensions: [RoundTripDimension]
    let json: Bool
    /// Maximum number of rows of a table; nil: the default.
    let top: Int?
    /// Number of tables after which the run ends; nil: no limit.
    let count: UInt64?
    private let configuration: TraceConfiguration
    private let readyFile: ReadyFile?
    private let filterNotes: [String]
    private let verbose: Bool

    init(_ command: NettraceCommand, _ view: ConnectionArguments.View) throws {
        arguments = command.connections
        self.view = view
        dimensions = try ConnectionArguments.dimensions(command.drop.by)
        json = command.output.json
        top = command.drop.top
        count = command.output.count
        verbose = command.output.verbose
        readyFile = try command.output.readyFile.map { try ReadyFile($0) }
        var configuration = TraceConfiguration()
        let excluded = try command.negation.excluded()
        let check = try FilterCheck(command.metadata, excluded: excluded.map(\.metadata), machine: LocalMachine())
        configuration.filters = check.filters
        filterNotes = check.notes
        configuration.packetFilter = try command.packets.filter(excluding: excluded.map(\.packets))
            .map { KernelFilter($0) }
        self.configuration = configuration
    }

    func run() throws {
        let privileges = Privileges.current()
        guard privileges.suffice else { throw RunError("cannot trace: " + privileges.explanation) }
        let notes = notes(privileges)
        StopSignals.install()
        switch view {
        case .roundTrips(let seconds):
            let roundTrips = TCPConfiguration.RoundTrips(
                dimensions: dimensions.reduce(0) { $0 | $1.bit }, samples: arguments.samples,
                minimum: arguments.minRtt ?? 0)
            var watch = try ConnectionWatch.start(TCPConfiguration(roundTrips), configuration: configuration)
            try begin(&watch, notes)
            defer { readyFile?.remove() }
            try RoundTripRun(self, seconds: seconds).run(watch)
        case .summary(let seconds):
            var watch = try ConnectionWatch.start(TCPConfiguration(), configuration: configuration)
            try begin(&watch, notes)
            defer { readyFile?.remove() }
            try ConnectionSummaryRun(self, seconds: seconds).run(watch)
        }
    }

    private func notes(_ privileges: Privileges) -> PrivilegeNotes {
        var showsSockets = false
        if case .summary = view { showsSockets = true }
        return PrivilegeNotes(
            privileges.held, hidesAddresses: false, showsSockets: showsSockets, findsCulprits: false,
            hasReadyFile: readyFile != nil)
    }

    private func begin(_ watch: inout ConnectionWatch, _ notes: PrivilegeNotes) throws {
        ProcessSetup.returnFreeMemory()
        var messages = OutputSink.messages
        if verbose { for tracepoint in watch.tracepoints { messages.write("attached \(tracepoint)\n") } }
        messages.write("attached \(watch.tracepoints.count) tracepoints\n")
        for note in filterNotes { messages.write("note: \(note)\n") }
        notes.write(to: &messages)
        notes.giveUpPrivileges(&messages)
        watch.openGate()
        messages.write("begin counting......\n")
        try readyFile?.create()
    }
}
