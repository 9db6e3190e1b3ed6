import ArgumentParser

/// `nettrace read`: shows a recording. Needs no privileges.
struct ReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Shows the events of a recording in any view, or copies those that match.",
        usage: "nettrace read <file> [options] [filter expression]",
        discussion: """
            A recording is made with nettrace -w FILE. The views and filters are those of a trace.

            Examples:
              nettrace read drops.ntr --timeline       packet by packet
              nettrace read drops.ntr --diag-keep      with the causes of losses
              nettrace read all.ntr -w http.ntr 'tcp port 80'
              nettrace read all.ntr --pcapng - --diag | wireshark -k -i -
            """)

    @Argument(help: .init("The recording; '-': standard input.", valueName: "file"))
    var file: String

    @Option(
        help: .init(
            "Write the packets to a pcapng file, each with its path as a comment; '-': standard output. Needs a recording with bytes of packets (-X, --snapshot-length).",
            valueName: "file"))
    var pcapng: String?

    @Option(
        help: .init(
            "Only events whose packet matches this filter of netsnoop (docs/FILTER-LANGUAGE.md): --display 'tcp.dport 443'.",
            valueName: "filter"))
    var display: String?

    @OptionGroup var events: EventArguments

    /// The request of this command line.
    var request: EventsRequest {
        var request = events.request(readsRecording: true)
        if pcapng != nil { request.life.timeline = true }
        return request
    }

    func validate() throws {
        try checkPacketFile()
        try request.check()
        if events.running.readyFile != nil {
            throw ValidationError("--ready-file reports that everything is attached, and a recording attaches nothing")
        }
    }

    /// Refuses options that choose another form of output.
    private func checkPacketFile() throws {
        guard let pcapng else { return }
        let given = events.request(readsRecording: true)
        let others: [(Bool, String)] = [
            (given.running.json, "--json"), (given.recordingFile != nil, "--write"),
            (given.returns.graph, "--graph"), (given.payload.form != nil, "-x, -X, -A and --snapshot-length"),
            (given.life.choosesView && !given.life.timeline, "--follow and --latency"),
            (given.drops != nil, "--drop"), (given.monitoring.monitor, "--monitor"),
        ]
        for (isGiven, name) in others where isGiven {
            throw ValidationError("--pcapng writes whole packets with their paths; leave out \(name)")
        }
        if pcapng == "-", OutputSink.standardOutput.isTerminal {
            throw ValidationError(
                "--pcapng -: standard output is a terminal, and a capture is not text; redirect it, or name a file")
        }
    }

    func run() throws {
        events.running.messages.setManners()
        let catalog = try events.places.catalog()
        if events.places.asksForTree {
            return try TracerListing(catalog: catalog, verbose: events.running.verbose).print()
        }
        var replay = try ReplayRun(file, request, packetFile: pcapng, display: display, catalog: catalog)
        try replay.run()
    }
}
