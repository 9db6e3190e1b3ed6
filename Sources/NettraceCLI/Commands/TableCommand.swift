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

    @OptionGroup(title: "Packet filters (combined with AND)") var packets: PacketArguments
    @OptionGroup(title: "Other filters") var metadata: MetadataArguments
    @OptionGroup(title: "What is not wanted") var negation: NegationArguments

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
    @OptionGroup var size: TableArguments
    @OptionGroup(title: "The run") var running: RunArguments

    @Option(name: .customLong("tracers"), help: .init("Take causes and reasons from this file.", valueName: "file"))
    var catalogFile: String?

    func validate() throws {
        _ = try DropRequest.dimensions(by)
        try TableArguments.check(every, "--summary")
    }

    func run() throws {
        running.messages.setManners()
        let catalog = try CatalogFile(catalogFile).tracers()
        var request = try EventsRequest.plain
        request.packets = packets
        request.metadata = metadata
        request.negation = negation
        request.places.catalogFile = catalogFile
        request.running = running
        request.drops = DropRequest(
            ignored: ignored.dropIgnore,
            table: .init(seconds: every, dimensions: try DropRequest.dimensions(by), top: size.top))
        var run = try TraceRun(TraceOptions(request, catalog: catalog), catalog: catalog)
        try run.run()
    }
}
