import ArgumentParser

/// Options for views by packet: grouping of events, and latency.
struct PacketLifeArguments: ParsableArguments {
    @Flag(help: "Show each packet as one block when it has died: clones and segments included.")
    var timeline = false

    @Flag(help: "Keep following a packet once it matched, also when NAT or a tunnel changes its addresses.")
    var skbMode = false

    @Flag(help: "Show events as they come, with a short number for each packet.")
    var follow = false

    @Option(
        parsing: .unconditional,
        help: .init(
            "With --timeline or --graph: only packets that lived at least so long, in microseconds.", valueName: "us"))
    var minLatency: UInt64?

    @Option(
        parsing: .unconditional,
        help: .init(
            "With --timeline, --graph or --diag: show a packet as unfinished after so many seconds of silence. Default: 5.",
            valueName: "s"))
    var timeout: UInt64?

    @Flag(help: "At the end, how long packets lived: a histogram and percentiles.")
    var latency = false

    @Option(
        help: .init("The same for the way between two tracers, such as ip_rcv:tcp_v4_rcv.", valueName: "from:to"))
    var latencyBetween: String?

    func validate() throws {
        let views = [timeline, follow, latency || latencyBetween != nil].count { $0 }
        guard views <= 1 else {
            throw ValidationError("--timeline, --follow and --latency are different views; choose one")
        }
        guard timeout != 0 else { throw ValidationError("--timeout 0: give a number of seconds from 1 on") }
    }

    /// Whether the view is not the plain list of events, and so needs events grouped by packet.
    var choosesView: Bool { timeline || follow || latency || latencyBetween != nil }
}
