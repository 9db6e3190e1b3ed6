import ArgumentParser
import Events
import Tracers

/// Options for the monitor of drops.
struct DropArguments: ParsableArguments {
    @Flag(
        help: .init(
            "Only drops, cheaply: programs on skb:kfree_skb and on the tracepoints of frames that XDP loses, and nothing "
                + "else. Shows reason and place."))
    var drop = false

    @OptionGroup var ignored: IgnoredDropArguments

    var dropIgnore: [String] { ignored.dropIgnore }

    func validate() throws {
        if !drop, !dropIgnore.isEmpty { throw ValidationError("--drop-ignore leaves out drops, so it needs --drop") }
    }
}

/// Drops alone, as a command line asks for them.
struct DropRequest {
    /// The tracer of drops.
    static let tracer = "skb:kfree_skb"

    /// The tracers of all losses: those of packets, and those of frames that XDP has lost before they became packets.
    static let tracers = [tracer] + FrameLoss.allCases.map(\.tracer)

    /// The arguments of `--drop-ignore`, or their equivalent for `--monitor`.
    var ignored: [String]
    /// A table that replaces the events.
    var table: Table?

    struct Table {
        /// Interval between tables.
        var seconds: Double
        var dimensions: [DropDimension]
        /// Maximum number of rows of a table; nil: the default.
        var top: Int?
    }

    /// Whether drops of normal operation are left out.
    var leavesOutNormal: Bool { ignored.listItems.contains { DropReasons.isNormal($0) } }

    /// The columns that identify a row of the table, in their order.
    static func dimensions(_ by: [String]) throws -> [DropDimension] {
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
