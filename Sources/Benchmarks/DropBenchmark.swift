/// Measures the cost per drop of monitoring drops: as events, as a table, and with a filter that rejects them.
struct DropBenchmark {
    let program: String
    let runs: Int

    private static let modes: [(name: String, arguments: [String])] = [
        ("unmatched", ["--drop", "-p", "tcp"]),
        ("stream", ["--drop"]),
        ("stream_columns", ["--drop", "-o", "pid,if,netns"]),
        ("summary", ["--drop", "--summary", "3600"]),
        ("summary_flow", ["--drop", "--summary", "3600", "--by", "reason,location,device,flow"]),
    ]

    func run() throws(BenchmarkError) {
        let load = try RefusedLoad()
        _ = try load.run()
        var untraced: [Double] = []
        for _ in 0..<runs { untraced.append(try load.run()) }
        Figures.print("drop.untraced.packet", untraced.median, "ns")
        var floors: [Double] = []
        for mode in Self.modes { floors += try measure(mode.name, mode.arguments, load) }
        Figures.print("drop.empty.run", floors.median, "ns")
    }

    /// Prints nanoseconds per run of the program and per packet; returns the times per run of an empty program at the
    /// same hook.
    private func measure(
        _ name: String, _ arguments: [String], _ load: borrowing RefusedLoad
    ) throws(BenchmarkError) -> [Double] {
        var tracer = try TracerProcess(program, arguments)
        _ = try tracer.waitUntilReady()
        var packets: [Double] = []
        var perRun: [Double] = []
        var floors: [Double] = []
        for _ in 0..<runs {
            packets.append(try load.run())
            let timing = try ProgramTiming()
            let before = try ProgramStatistics(process: tracer.pid)
            let empty = try FloorProgram(.nothing, tracepoint: "kfree_skb")
            _ = try load.run()
            floors.append(try empty.statistics().perRun)
            perRun.append((try ProgramStatistics(process: tracer.pid) - before).perRun)
            _ = consume timing
        }
        _ = try tracer.stop()
        Figures.print("drop.\(name).run", perRun.median, "ns")
        Figures.print("drop.\(name).packet", packets.median, "ns")
        return floors
    }
}
