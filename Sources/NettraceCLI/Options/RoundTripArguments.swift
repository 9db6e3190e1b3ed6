import ArgumentParser
import Events
import KernelAccess
import Analysis

/// Options for the table of round-trip times.
struct RoundTripArguments: ParsableArguments {
    @Option(name: [.long, .customLong("rtt")], help: .init("Seconds between tables.", valueName: "seconds"))
    var every = 1.0

    @Flag(name: [.customLong("histogram"), .customLong("rtt-detail")], help: "A histogram for each row.")
    var histogram = false

    @Flag(help: "Only the first time of each connection, that of its handshake.")
    var rttFirst = false

    @Flag(help: "Only the last time of each connection.")
    var rttLast = false

    @Option(help: .init("Only times of at least so many microseconds.", valueName: "us"))
    var minRtt: UInt32?

    @Option(
        help: .init(
            "One row per raddr, rport, laddr, lport, service, netns. Default: raddr,service.", valueName: "columns"))
    var by: [String] = []

    @Option(
        help: .init("Sort by samples, min, mean, median, p95, p99 or max. Default: the first.", valueName: "column"))
    var sort: String?

    func validate() throws {
        if rttFirst, rttLast { throw ValidationError("--rtt-first and --rtt-last are different times; choose one") }
        try TableArguments.check(every, "--rtt")
        _ = try order()
    }

    func order() throws -> RoundTripOrder { try TableArguments.order(sort, of: RoundTripOrder.self) ?? .samples }

    var samples: TCPConfiguration.RoundTrips.Samples { rttFirst ? .first : rttLast ? .last : .every }

    /// The columns that identify a row, in their order.
    func dimensions() throws -> [RoundTripDimension] {
        guard !by.isEmpty else { return [.raddr, .service] }
        var dimensions: [RoundTripDimension] = []
        for name in by.listItems {
            guard let dimension = RoundTripDimension(rawValue: name) else {
                let names = RoundTripDimension.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--by '\(name)': with --rtt, valid names are \(names)")
            }
            if !dimensions.contains(dimension) { dimensions.append(dimension) }
        }
        guard !dimensions.isEmpty else { throw ValidationError("--by '': name at least one column") }
        return dimensions
    }
}
