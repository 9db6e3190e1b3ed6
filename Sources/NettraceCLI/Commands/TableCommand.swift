import ArgumentParser

/// `nettrace table`: tables that are counted in the kernel.
struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Counts in the kernel, and shows a table at intervals.",
        usage: "nettrace table drops|rtt|connections [options] [filter expression]",
        subcommands: [DropTableCommand.self, RoundTripTableCommand.self, ConnectionTableCommand.self])
}

/// `nettrace table drops`, also `--drop --summary`.
struct DropTableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drops",
        abstract: "Drops by reason, place, device or flow.",
        usage: "nettrace table drops [options] [filter expression]")

    @Option(
        name: [.long, .customLong("summary")],
        help: .init("Seconds between tables.", valueName: "seconds"))
    var every = 1.0

    @Option(
        help: .init(
            "One row per reason, location, device, netns, saddr, daddr, sport, dport, proto; 'flow' is the last five. "
                + "Default: reason,location,device.", valueName: "columns"))
    var by: [String] = []

    @OptionGroup var ignored: IgnoredDropArguments
    @OptionGroup var table: TableArguments

    @Option(name: .customLong("tracers"), help: .init("Take causes and reasons from this file.", valueName: "file"))
    var catalogFile: String?

    func validate() throws {
        _ = try DropRequest.dimensions(by)
        try TableArguments.check(every, "--summary")
    }

    func run() throws {
        table.running.messages.setManners()
        let catalog = try CatalogFile(catalogFile).tracers()
        var request = try EventsRequest.plain
        request.packets = table.packets
        request.metadata = table.metadata
        request.negation = table.negation
        request.places.catalogFile = catalogFile
        request.running = table.running
        request.drops = DropRequest(
            ignored: ignored.dropIgnore,
            table: .init(seconds: every, dimensions: try DropRequest.dimensions(by), top: table.top))
        var run = try TraceRun(TraceOptions(request, catalog: catalog), catalog: catalog)
        try run.run()
    }
}
