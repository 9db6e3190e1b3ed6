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

extension NettraceCommand {
    var mode: TraceMode {
        if monitoring.monitor { return .monitor }
        return output.sock && showsNoPackets ? .sockets : .packets
    }

    /// Whether a matched packet is followed even if its headers change; a diagnosis needs the packet's end.
    var followsPackets: Bool { life.skbMode || diagnosis.isWanted }

    /// Whether no option is about packets, so that `--sock` is not just a column of theirs.
    private var showsNoPackets: Bool {
        places.tracers.isEmpty && !drop.drop && !life.choosesView && !life.skbMode && !returns.recordsReturns
            && !returns.graph && !diagnosis.isWanted && recording.input == nil
    }
}
