import ArgumentParser

/// All options for events, the same for traces and recordings.
struct EventArguments: ParsableArguments {
    @OptionGroup(title: "Packet filters (combined with AND)") var packets: PacketArguments
    @OptionGroup(title: "Other filters") var metadata: MetadataArguments
    @OptionGroup(title: "What is not wanted") var negation: NegationArguments
    @OptionGroup(title: "Where to trace") var places: TracerArguments
    @OptionGroup(title: "Drops") var drop: DropArguments
    @OptionGroup(title: "Trouble") var monitoring: MonitorArguments
    @OptionGroup(title: "Packet by packet") var life: PacketLifeArguments
    @OptionGroup(title: "Why packets die") var diagnosis: DiagnosisArguments
    @OptionGroup(title: "Callers") var stacks: StackArguments
    @OptionGroup(title: "Return values") var returns: ReturnArguments
    @OptionGroup(title: "Limits of memory") var limits: LimitArguments
    @OptionGroup(title: "Output") var output: OutputArguments
    @OptionGroup(title: "Bytes of packets") var payload: PayloadArguments
    @OptionGroup(title: "Capture files") var packetFile: PacketFileArguments
    @OptionGroup(title: "Recording") var recording: RecordingArguments
    @OptionGroup(title: "The run") var running: RunArguments

    /// The request that the options make.
    ///
    /// - Parameter readsRecording: whether the events come from a recording instead of this machine.
    func request(readsRecording: Bool) -> EventsRequest {
        EventsRequest(
            packets: packets, metadata: metadata, negation: negation, places: places,
            drops: drop.drop ? DropRequest(ignored: drop.dropIgnore) : nil, monitoring: monitoring, life: life,
            diagnosis: diagnosis, stacks: stacks, returns: returns, limits: limits, output: output, payload: payload,
            packetFile: packetFile, running: running, recordingFile: recording.output, readsRecording: readsRecording)
    }
}
