import ArgumentParser

/// A run over events, as a command line asks for it: made once, by `trace`, `read` or `table drops`.
struct EventsRequest {
    var packets: PacketArguments
    var metadata: MetadataArguments
    var negation: NegationArguments
    var places: TracerArguments
    /// Drops alone; nil if anything else is wanted.
    var drops: DropRequest?
    var monitoring: MonitorArguments
    var life: PacketLifeArguments
    var diagnosis: DiagnosisArguments
    var stacks: StackArguments
    var returns: ReturnArguments
    var limits: LimitArguments
    var output: OutputArguments
    var payload: PayloadArguments
    var packetFile: PacketFileArguments
    var running: RunArguments
    /// The file to record to instead of showing events.
    var recordingFile: String?
    /// Whether the events come from a recording instead of this machine.
    var readsRecording: Bool

    /// The request of a command line without options.
    static var plain: EventsRequest {
        get throws { try EventArguments.parse([]).request(readsRecording: false) }
    }
}

/// The subject of a run.
enum TraceMode {
    /// The path of packets, or their end.
    case packets
    /// Events of sockets (`--sock` alone).
    case sockets
    /// Trouble of packets and sockets (`--monitor`).
    case monitor

    var showsSockets: Bool { self != .packets }
}

extension EventsRequest {
    var mode: TraceMode {
        if monitoring.monitor { return .monitor }
        return output.sock && showsNoPackets ? .sockets : .packets
    }

    /// The drops that the run shows on their own; `--monitor` shows those that are trouble.
    var shownDrops: DropRequest? { mode == .monitor ? DropRequest(ignored: ["normal"]) : drops }

    /// Whether a matched packet is followed even if its headers change; a diagnosis needs the packet's end.
    var followsPackets: Bool { life.skbMode || diagnosis.isWanted }

    /// Whether no option is about packets, so that `--sock` is not just a column of theirs.
    private var showsNoPackets: Bool {
        places.tracers.isEmpty && drops == nil && !life.choosesView && !life.skbMode && !returns.recordsReturns
            && !returns.graph && !diagnosis.isWanted && !readsRecording
    }
}
