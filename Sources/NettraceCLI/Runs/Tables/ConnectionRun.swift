import AttachPlanning
import Events
import KernelAccess
import PacketFilter
import Rendering

/// The common part of `--rtt` and `--tcp-summary`, from the arguments to the open gate.
struct ConnectionRun {
    private let request: ConnectionTableRequest
    private let configuration: TraceConfiguration
    private let readyFile: ReadyFile?
    private let filterNotes: [String]

    var json: Bool { request.options.running.json }
    /// Maximum number of rows of a table; nil: the default.
    var top: Int? { request.options.top }

    init(_ request: ConnectionTableRequest) throws {
        self.request = request
        readyFile = try request.options.running.readyFile.map { try ReadyFile($0) }
        var configuration = TraceConfiguration()
        let excluded = try request.options.negation.excluded()
        let check = try FilterCheck(
            request.options.metadata, excluded: excluded.map(\.metadata), machine: LocalMachine())
        configuration.filters = check.filters
        filterNotes = check.notes
        configuration.packetFilter = try request.options.packets.filter(excluding: excluded.map(\.packets))
            .map { KernelFilter($0) }
        self.configuration = configuration
    }

    func run() throws {
        let opening = opening(try Opening.requirePrivileges())
        StopSignals.install()
        switch request.table {
        case .roundTrips(let times):
            let dimensions = try times.dimensions()
            let order = try times.order()
            let roundTrips = TCPConfiguration.RoundTrips(
                dimensions: dimensions.reduce(0) { $0 | $1.bit }, samples: times.samples, minimum: times.minRtt ?? 0)
            var watch = try ConnectionWatch.start(TCPConfiguration(roundTrips), configuration: configuration)
            try begin(&watch, opening)
            defer { opening.end() }
            try tableRun(seconds: times.every).run(
                CountedRoundTrips(watch, self, times, order: order, dimensions: dimensions))
        case .connections(let seconds, let order):
            var watch = try ConnectionWatch.start(TCPConfiguration(), configuration: configuration)
            try begin(&watch, opening)
            defer { opening.end() }
            try tableRun(seconds: seconds).run(CountedConnections(watch, self, seconds: seconds, order: order))
        }
    }

    private func tableRun(seconds: Double?) -> TableRun {
        TableRun(seconds: seconds, limit: request.options.running.count, top: top, json: json)
    }

    private func opening(_ privileges: Privileges) -> Opening {
        var showsSockets = false
        if case .connections = request.table { showsSockets = true }
        return Opening(
            filterNotes: filterNotes,
            privileges: PrivilegeNotes(
                privileges.held, hidesAddresses: false, showsSockets: showsSockets, findsCulprits: false,
                hasReadyFile: readyFile != nil),
            readyFile: readyFile)
    }

    private func begin(_ watch: inout ConnectionWatch, _ opening: Opening) throws {
        let tracepoints = watch.tracepoints
        let failure = try opening.begin(&watch, "counting") { messages in
            if request.options.running.verbose {
                for tracepoint in tracepoints { messages.write("attached \(tracepoint)\n") }
            }
            messages.write("attached \(tracepoints.count) tracepoints\n")
        }
        if let failure { throw failure }
    }
}
