import Analysis
import ArgumentParser
import Events
import KernelAccess

/// Options for statistics of TCP connections.
struct ConnectionArguments: ParsableArguments {
    @Option(
        help: .init(
            "Round-trip times of TCP by peer and service, as a table each so many seconds (1 if left out). --by: "
                + "raddr, rport, laddr, lport, service, netns.", valueName: "seconds"))
    var rtt: Double?

    @Flag(help: "The same, with a histogram for each row.")
    var rttDetail = false

    @Flag(help: "With --rtt: only the first time of each connection, that of its handshake.")
    var rttFirst = false

    @Flag(help: "With --rtt: only the last time of each connection.")
    var rttLast = false

    @Option(help: .init("With --rtt: only times of at least so many microseconds.", valueName: "us"))
    var minRtt: UInt32?

    @Option(
        help: .init(
            "A line for each TCP connection at the end (and each so many seconds): bytes, segments, retransmissions, "
                + "RTT, windows, process.", valueName: "seconds"))
    var tcpSummary: Double?

    @Option(
        help: .init(
            "Sort --rtt by samples, min, mean, median, p95, p99, max; --tcp-summary by bytes, sent, received, segments, "
                + "retrans, lost, rtt, stops, duration. Default: the first.", valueName: "column"))
    var sort: String?

    var wantsRoundTrips: Bool { rtt != nil || rttDetail }

    func validate() throws {
        if !wantsRoundTrips {
            for (isGiven, option) in [
                (rttFirst, "--rtt-first"), (rttLast, "--rtt-last"), (minRtt != nil, "--min-rtt"),
            ] where isGiven {
                throw ValidationError("\(option) chooses among round-trip times, so it needs --rtt")
            }
        }
        if rttFirst, rttLast { throw ValidationError("--rtt-first and --rtt-last are different times; choose one") }
        if wantsRoundTrips, tcpSummary != nil {
            throw ValidationError("--rtt and --tcp-summary are different tables; choose one")
        }
        if let rtt, !(0.1...86400 ~= rtt) {
            throw ValidationError("--rtt \(rtt): give a number of seconds from 0.1 to 86400")
        }
        if let tcpSummary, tcpSummary != 0, !(0.1...86400 ~= tcpSummary) {
            throw ValidationError(
                "--tcp-summary \(tcpSummary): give a number of seconds from 0.1 to 86400, or none for one table at the end"
            )
        }
        guard let sort else { return }
        let names: [String]
        if wantsRoundTrips {
            names = RoundTripOrder.allCases.map(\.rawValue)
        } else if tcpSummary != nil {
            names = ConnectionOrder.allCases.map(\.rawValue)
        } else {
            throw ValidationError("--sort is for the tables of --rtt and --tcp-summary")
        }
        guard names.contains(sort) else {
            throw ValidationError("--sort '\(sort)': valid names are \(names.joined(separator: ", "))")
        }
    }

    /// The table that is asked for.
    enum View {
        case roundTrips(seconds: Double)
        /// nil: one table, at the end of the run.
        case summary(seconds: Double?)
    }

    /// nil if no table is asked for.
    var view: View? {
        if wantsRoundTrips { return .roundTrips(seconds: rtt ?? 1) }
        return tcpSummary.map { .summary(seconds: $0 == 0 ? nil : $0) }
    }

    var samples: TCPConfiguration.RoundTrips.Samples { rttFirst ? .first : rttLast ? .last : .every }

    /// The columns that identify a row of --rtt, in their order.
    static func dimensions(_ by: [String]) throws -> [RoundTripDimension] {
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
