import ArgumentParser
import Events

/// Options for the monitor of drops.
struct DropArguments: ParsableArguments {
    @Flag(help: "Only drops, cheaply: one program on skb:kfree_skb and nothing else. Shows reason and place.")
    var drop = false

    @Option(
        help: .init(
            "With --drop: count in the kernel and show a table each so many seconds (1 if left out).",
            valueName: "seconds"))
    var summary: Double?

    @Option(
        help: .init(
            "With --summary: one row per reason, location, device, netns, saddr, daddr, sport, dport, proto; 'flow' is "
                + "the last five. Default: reason,location,device. With --rtt: see there.", valueName: "columns"))
    var by: [String] = []

    @Option(
        parsing: .unconditional,
        help: .init(
            "With --summary, --rtt, --tcp-summary: rows of a table. Default: 20, or what the terminal has.",
            valueName: "rows"))
    var top: Int?

    @Option(
        help: .init(
            "With --drop: leave out drops with these reasons, comma-separated, '*' allowed; 'normal': those that are "
                + "part of normal operation.", valueName: "reasons"))
    var dropIgnore: [String] = []

    func validate() throws {
        if !drop, summary != nil { throw ValidationError("--summary counts drops, so it needs --drop") }
        if !drop, !dropIgnore.isEmpty { throw ValidationError("--drop-ignore leaves out drops, so it needs --drop") }
        if !dropIgnore.isEmpty, dropIgnore.listItems.isEmpty {
            throw ValidationError("--drop-ignore '': name at least one reason; nettrace explain --list shows them")
        }
        if let summary, !(0.1...86400 ~= summary) {
            throw ValidationError("--summary \(summary): give a number of seconds from 0.1 to 86400")
        }
        if let top, top < 1 { throw ValidationError("--top \(top): give a number of rows from 1 on") }
    }

    /// The columns that identify a row of the table, in their order.
    func dimensions() throws -> [DropDimension] {
        guard !by.isEmpty else { return [.reason, .location, .device] }
        var dimensions: [DropDimension] = []
        for name in by.listItems {
            for dimension in try Self.dimensions(named: name) where !dimensions.contains(dimension) {
                dimensions.append(dimension)
            }
        }
        guard !dimensions.isEmpty else { throw ValidationError("--by '': name at least one column") }
        return dimensions
    }

    private static func dimensions(named name: String) throws -> [DropDimension] {
        if name == "flow" { return [.saddr, .daddr, .sport, .dport, .proto] }
        if name == "if" { return [.device] }
        guard let dimension = DropDimension(rawValue: name) else {
            let names = DropDimension.allCases.map(\.rawValue) + ["flow"]
            throw ValidationError("--by '\(name)': valid names are \(names.joined(separator: ", "))")
        }
        return [dimension]
    }
}

extension NettraceCommand {
    /// Refuses options that make no sense with `--drop`.
    func validateDrop() throws {
        guard drop.drop else { return }
        _ = try drop.dimensions()
        let conflicts: [(Bool, String, String)] = [
            (!places.tracers.isEmpty, "-t", "it traces skb:kfree_skb and nothing else"),
            (!places.excluded.isEmpty, "--tracer-exclude", "it traces skb:kfree_skb and nothing else"),
            (places.backend != nil, "--backend", "it attaches to no function"),
            (!stacks.stackTracer.isEmpty, "--stack-tracer", "it has one tracer; give --stack"),
            (stacks.caller, "--caller", "the place of a drop is the caller"),
            (life.choosesView || life.skbMode, viewOption, "it sees only the end of a packet"),
            (returns.recordsReturns, returns.graph ? "--graph" : "--ret", "a tracepoint does not return"),
        ]
        for (isGiven, option, reason) in conflicts where isGiven {
            throw ValidationError("--drop excludes \(option): \(reason)")
        }
        guard drop.summary != nil else { return }
        let others: [(Bool, String, String)] = [
            (stacks.wantsStacks, "--stack", "it counts, and shows no event; leave --summary out"),
            (recording.output != nil, "--write", "it counts, and has no events to record; leave --summary out"),
            (recording.input != nil, "--read", "it counts in the kernel; leave --summary out"),
            (output.detail, "--detail", "choose columns with --by"),
            (output.sock, "--sock", "choose columns with --by"),
            (!output.columns.isEmpty, "-o", "choose columns with --by"),
        ]
        for (isGiven, option, reason) in others where isGiven {
            throw ValidationError("--summary excludes \(option): \(reason)")
        }
    }

    var viewOption: String {
        if life.timeline { return "--timeline" }
        if life.follow { return "--follow" }
        return life.skbMode ? "--skb-mode" : life.latency ? "--latency" : "--latency-between"
    }
}
