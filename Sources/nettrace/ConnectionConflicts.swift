import ArgumentParser

extension NettraceCommand {
    /// Refuses --by and --top without a table.
    func validateTables() throws {
        if drop.top != nil, drop.summary == nil, connections.view == nil {
            throw ValidationError("--top is for tables: give --drop --summary, --rtt or --tcp-summary")
        }
        if !drop.by.isEmpty, drop.summary == nil, !connections.wantsRoundTrips {
            throw ValidationError(
                connections.tcpSummary == nil
                    ? "--by is for tables: give --drop --summary or --rtt"
                    : "--by: --tcp-summary has a line for each connection; --sort orders them")
        }
    }

    /// Refuses options that make no sense with statistics of TCP connections.
    func validateConnections() throws {
        guard let view = connections.view else { return }
        let option: String
        switch view {
        case .roundTrips:
            option = "--rtt"
            _ = try ConnectionArguments.dimensions(drop.by)
        case .summary(let seconds):
            option = "--tcp-summary"
            if seconds == nil, output.count != nil {
                throw ValidationError("--count ends after so many tables: give --tcp-summary a number of seconds")
            }
        }
        let ofPackets = "it follows connections, which have no such thing; filter by address, port, --netns or --pid"
        let noEvents = "it shows statistics, and no events"
        let fixed = "it traces TCP's own tracepoints and nothing else"
        let conflicts: [(Bool, String, String)] = [
            (drop.drop, "--drop", "they are different things to watch"),
            (monitoring.monitor, "--monitor", "they are different things to watch"),
            (!packets.tcpFlags.isEmpty, "--tcp-flags", ofPackets),
            (packets.inner, "--inner", ofPackets),
            (packets.quoted, "--quoted", ofPackets),
            (!metadata.interface.isEmpty, "--interface", ofPackets),
            (!metadata.mark.isEmpty, "--mark", ofPackets),
            (!metadata.length.isEmpty, "--len", ofPackets),
            (!packets.foreignProtocols.isEmpty, "-p \(packets.foreignProtocols.first ?? "")", "it follows TCP"),
            (!places.tracers.isEmpty, "-t", fixed),
            (!places.excluded.isEmpty, "--tracer-exclude", fixed),
            (places.backend != nil, "--backend", fixed),
            (diagnosis.isWanted, "--diag", noEvents),
            (life.choosesView || life.skbMode, viewOption, noEvents),
            (life.minLatency != nil, "--min-latency", "give --min-rtt"),
            (returns.recordsReturns || returns.graph, returns.graph ? "--graph" : "--ret", noEvents),
            (stacks.wantsStacks || stacks.caller, stacks.caller ? "--caller" : "--stack", noEvents),
            (output.detail, "--detail", noEvents),
            (output.sock, "--sock", noEvents),
            (output.date, "--date", "its tables have the date"),
            (!output.columns.isEmpty, "-o", noEvents),
            (recording.output != nil, "--write", noEvents),
            (recording.input != nil, "--read", "a recording holds events, and not the numbers that sockets keep"),
        ]
        for (isGiven, other, reason) in conflicts where isGiven {
            throw ValidationError("\(option) excludes \(other): \(reason)")
        }
    }
}

extension PacketArguments {
    /// Protocols in -p that exclude TCP.
    fileprivate var foreignProtocols: [String] {
        protocols.listItems.filter { !["tcp", "6", "ip", "ipv4", "ip4", "ipv6", "ip6"].contains($0.lowercased()) }
    }
}
