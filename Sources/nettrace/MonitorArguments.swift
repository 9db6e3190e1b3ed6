import ArgumentParser

/// Options for watching for trouble, at a cost that allows running permanently.
struct MonitorArguments: ParsableArguments {
    @Flag(
        help: .init(
            "Only trouble: drops, resets, retransmissions, connections that fail or are aborted, full queues. "
                + "Attaches to a handful of places."))
    var monitor = false

    @Option(
        help: .init(
            "With --monitor, --sock or --drop: show at most so many events of one kind in a second, and how many more "
                + "there were. Default with --monitor: 100.", valueName: "n[/s]"))
    var rateLimit: String?

    func validate() throws { _ = try limit() }

    /// Maximum number of events of one kind per second; nil: no limit.
    func limit() throws -> UInt32? {
        guard let text = rateLimit else { return monitor ? 100 : nil }
        let number = text.hasSuffix("/s") ? text.dropLast(2) : text[...]
        guard let limit = UInt32(number), 1...1_000_000 ~= limit else {
            throw ValidationError(
                "--rate-limit '\(text)': write a number of events from 1 to 1000000, such as 50 or 50/s")
        }
        return limit
    }
}

extension NettraceCommand {
    /// Refuses options about the path of packets if sockets are watched.
    func validateSockets() throws {
        guard mode.showsSockets else {
            if monitoring.rateLimit != nil, !drop.drop || drop.summary != nil {
                throw ValidationError("--rate-limit is for events: give --monitor, --sock or --drop with it")
            }
            return
        }
        let option = mode == .monitor ? "--monitor" : "--sock"
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
                (drop.drop, "--drop", "it shows drops anyway"),
                (diagnosis.isWanted, "--diag", "it does not follow packets"),
                (life.choosesView || life.skbMode, "views of packets", "it does not follow them"),
                (returns.recordsReturns || returns.graph, "--ret", alone),
            ]
        }
        for (isGiven, other, reason) in conflicts where isGiven {
            throw ValidationError("\(option) excludes \(other): \(reason)")
        }
    }
}
