import ArgumentParser

extension EventsRequest {
    /// Refuses options that contradict each other.
    func check() throws {
        try diagnosis.check(life, drops: drops != nil, records: recordingFile != nil)
        try checkDrops()
        try checkSockets()
        try checkPayload()
        try checkPacketFile()
        guard !returns.graph || !(life.timeline || life.follow || life.latency || life.latencyBetween != nil) else {
            throw ValidationError("--graph is a view of its own; leave out --timeline, --follow and --latency")
        }
        guard life.minLatency == nil || life.timeline || returns.graph else {
            throw ValidationError("--min-latency chooses packets, so it needs --timeline or --graph")
        }
        guard life.timeout == nil || life.choosesView || returns.graph || diagnosis.isWanted else {
            throw ValidationError(
                "--timeout is the time that a packet without events is waited for, so it needs --timeline, --graph, --latency or --diag; "
                    + "to end a trace after 3 seconds write timeout -s INT 3 nettrace …")
        }
        if recordingFile != nil, running.json || life.choosesView || returns.graph {
            throw ValidationError("--write shows nothing; record first, then choose the view with --read")
        }
    }

    /// Refuses options that make no sense with `--drop`.
    private func checkDrops() throws {
        guard drops != nil else { return }
        let conflicts: [(Bool, String, String)] = [
            (!places.tracers.isEmpty, "-t", "it traces drops and losses of XDP, and nothing else"),
            (!places.excluded.isEmpty, "--tracer-exclude", "it traces drops and losses of XDP, and nothing else"),
            (places.backend != nil, "--backend", "it attaches to no function"),
            (!stacks.stackTracer.isEmpty, "--stack-tracer", "all of its tracers are about drops; give --stack"),
            (stacks.caller, "--caller", "the place of a drop is the caller"),
            (life.choosesView || life.skbMode, viewOption, "it sees only the end of a packet"),
            (returns.recordsReturns, returns.graph ? "--graph" : "--ret", "a tracepoint does not return"),
        ]
        try Self.refuse(conflicts, with: "--drop")
    }

    /// Refuses options about the path of packets if sockets are watched.
    private func checkSockets() throws {
        guard mode.showsSockets else {
            if monitoring.rateLimit != nil, drops == nil {
                throw ValidationError("--rate-limit is for events: give --monitor, --sock or --drop with it")
            }
            return
        }
        let alone = "an event of a socket has none; give -t to trace packets"
        var conflicts: [(Bool, String, String)] = [
            (!packets.tcpFlags.isEmpty, "--tcp-flags", "a socket has no flags"),
            (mode != .monitor && packets.inner, "--inner", "a socket is in no tunnel"),
            (mode != .monitor && packets.quoted, "--quoted", "an event of a socket quotes no packet"),
            (!metadata.interface.isEmpty, "-i", "a socket belongs to no interface; give --addr or --netns"),
            (!metadata.mark.isEmpty, "--mark", "an event of a socket has no mark"),
            (!metadata.length.isEmpty, "--len", "an event of a socket has no length"),
            (stacks.caller, "--caller", "give --stack"),
            (!output.columns.isEmpty, "-o", "its lines have no columns; give -t to trace packets"),
            (output.detail, "--detail", "its lines have no columns; give -t to trace packets"),
        ]
        if mode == .monitor {
            conflicts += [
                (!places.tracers.isEmpty, "-t", "it has tracers of its own; --tracer-exclude leaves some out"),
                (output.sock, "--sock", "it shows trouble with sockets anyway; --sock alone shows all of their events"),
                (drops != nil, "--drop", "it shows drops anyway"),
                (diagnosis.isWanted, "--diag", "it does not follow packets"),
                (life.choosesView || life.skbMode, "views of packets", "it does not follow them"),
                (returns.recordsReturns || returns.graph, "--ret", alone),
            ]
        }
        try Self.refuse(conflicts, with: mode == .monitor ? "--monitor" : "--sock")
    }

    private static func refuse(_ conflicts: [(Bool, String, String)], with option: String) throws {
        for (isGiven, other, reason) in conflicts where isGiven {
            throw ValidationError("\(option) excludes \(other): \(reason)")
        }
    }

    private var viewOption: String {
        if life.timeline { return "--timeline" }
        if life.follow { return "--follow" }
        return life.skbMode ? "--skb-mode" : life.latency ? "--latency" : "--latency-between"
    }
}
