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
            """)

    @Argument(help: .init("The recording; '-': standard input.", valueName: "file"))
    var file: String

    @OptionGroup(title: "Packet filters (combined with AND)") var packets: PacketArguments
    @OptionGroup(title: "Other filters") var metadata: MetadataArguments
    @OptionGroup(title: "What is not wanted") var negation: NegationArguments
    @OptionGroup(title: "Which places to show") var places: TracerArguments
    @OptionGroup(title: "Drops") var drop: DropArguments
    @OptionGroup(title: "Trouble") var monitoring: MonitorArguments
    @OptionGroup(title: "Packet by packet") var life: PacketLifeArguments
    @OptionGroup(title: "Why packets die") var diagnosis: DiagnosisArguments
    @OptionGroup(title: "Callers") var stacks: StackArguments
    @OptionGroup(title: "Return values") var returns: ReturnArguments
    @OptionGroup(title: "Limits of memory") var limits: LimitArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Bytes of packets") var payload: PayloadArguments
    @OptionGroup(title: "Copying") var recording: RecordingArguments
    @OptionGroup(title: "The run") var running: RunArguments

    /// What this command line asks for.
    var request: EventsRequest {
        EventsRequest(
            packets: packets, metadata: metadata, negation: negation, places: places,
            drops: drop.drop ? DropRequest(ignored: drop.dropIgnore) : nil, monitoring: monitoring, life: life,
            diagnosis: diagnosis, stacks: stacks, returns: returns, limits: limits, output: output,
            payload: payload, running: running,
            recordingFile: recording.output, readsRecording: true)
    }

    func validate() throws {
        try request.check()
        if running.readyFile != nil {
            throw ValidationError("--ready-file tells that everything is attached, and a recording attaches nothing")
        }
    }

    func run() throws {
        running.setManners()
        let catalog = try places.catalog()
        if places.asksForTree {
            return try TracerListing(catalog: catalog, verbose: running.verbose).print()
        }
        var replay = try ReplayRun(file, request, catalog: catalog)
        try replay.run()
    }
}
