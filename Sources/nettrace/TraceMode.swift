/// What a run is about.
enum TraceMode {
    /// The way of packets, or their end.
    case packets
    /// What happens to sockets (`--sock` alone).
    case sockets
    /// Trouble with either (`--monitor`).
    case monitor

    var showsSockets: Bool { self != .packets }
}

extension NettraceCommand {
    var mode: TraceMode {
        if monitoring.monitor { return .monitor }
        return output.sock && showsNoPackets ? .sockets : .packets
    }

    /// A packet that has matched is followed, whatever becomes of its headers: a diagnosis needs its end.
    var followsPackets: Bool { life.skbMode || diagnosis.isWanted }

    /// Nothing was asked for that is about packets, so that `--sock` is no column of theirs.
    private var showsNoPackets: Bool {
        places.tracers.isEmpty && !drop.drop && !life.choosesView && !life.skbMode && !returns.recordsReturns
            && !returns.graph && !diagnosis.isWanted && recording.input == nil
    }
}
