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
              nettrace read all.pcapng                 a capture file that --pcapng has made
              nettrace read all.ntr --pcapng - | wireshark -k -i -
            """)

    @Argument(help: .init("The recording; '-': standard input.", valueName: "file"))
    var file: String

    @Option(
        help: .init(
            "Only events whose packet matches this filter of netsnoop (docs/FILTER-LANGUAGE.md): --display 'tcp.dport 443'.",
            valueName: "filter"))
    var display: String?

    @OptionGroup var events: EventArguments

    /// The request of this command line.
    var request: EventsRequest { events.request(readsRecording: true) }

    func validate() throws {
        try request.check()
        if events.running.readyFile != nil {
            throw ValidationError("--ready-file reports that everything is attached, and a recording attaches nothing")
        }
    }

    func run() throws {
        events.running.messages.setManners()
        let catalog = try events.places.catalog()
        if events.places.asksForTree {
            return try TracerListing(catalog: catalog, verbose: events.running.verbose).print()
        }
        if let story = try CaptureStoryRun(file, ViewOptions(request)) {
            try CaptureStoryRun.check(request, file)
            var run = story
            return try run.run()
        }
        var replay = try ReplayRun(file, request, display: display, catalog: catalog)
        try replay.run()
    }
}
