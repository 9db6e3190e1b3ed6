import Analysis
import ArgumentParser
import Events

/// `nettrace table rtt`, also `--rtt`.
struct RoundTripTableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rtt",
        abstract: "Round-trip times of TCP by peer and service.",
        usage: "nettrace table rtt [options] [filter expression]")

    @OptionGroup var times: RoundTripArguments
    @OptionGroup var table: TableArguments

    func validate() throws {
        _ = try times.dimensions()
        try ConnectionTableRequest.check("--rtt", table)
    }

    func run() throws {
        table.running.messages.setManners()
        try ConnectionRun(
            ConnectionTableRequest(
                options: table, table: .roundTrips(times))
        ).run()
    }
}

/// `nettrace table connections`, also `--tcp-summary`.
struct ConnectionTableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connections",
        abstract: "A line for each TCP connection: bytes, segments, retransmissions, RTT, windows, process.",
        usage: "nettrace table connections [options] [filter expression]")

    @Option(
        name: [.long, .customLong("tcp-summary")],
        help: .init("Seconds between tables; 0: one table, at the end.", valueName: "seconds"))
    var every = 0.0

    @Option(
        help: .init(
            "Sort by bytes, sent, received, segments, retrans, lost, rtt, stops or duration. Default: the first.",
            valueName: "column"))
    var sort: String?

    @OptionGroup var table: TableArguments

    func validate() throws {
        if every != 0 { try TableArguments.check(every, "--tcp-summary") }
        _ = try TableArguments.order(sort, of: ConnectionOrder.self)
        if every == 0, table.running.count != nil {
            throw ValidationError("--count ends after so many tables: give --tcp-summary a number of seconds")
        }
        try ConnectionTableRequest.check("--tcp-summary", table)
    }

    func run() throws {
        table.running.messages.setManners()
        try ConnectionRun(
            ConnectionTableRequest(
                options: table,
                table: .connections(
                    seconds: every == 0 ? nil : every,
                    order: try TableArguments.order(sort, of: ConnectionOrder.self) ?? .bytes))
        ).run()
    }
}
