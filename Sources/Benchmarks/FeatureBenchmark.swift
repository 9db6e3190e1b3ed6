/// Measures the cost of each feature per event: the time of all programs that a packet runs at one hook, and the size
/// of the largest of them.
struct FeatureBenchmark {
    let program: String
    let runs: Int

    /// Options that change a program, by their name in the figures.
    private static let features: [(name: String, arguments: [String], needsFunction: Bool)] = [
        ("plain", [], false),
        ("timeline", ["--timeline", "--skb-mode"], false),
        ("stack", ["--stack", "--force-stack"], false),
        ("ret", ["--ret"], true),
    ]

    /// - Parameters:
    ///   - name: of the hook, in the figures.
    ///   - tracer: the tracer at that hook, which each packet of the load passes once.
    func run(
        _ name: String, tracer: String, isFunction: Bool, _ load: borrowing LoopbackLoad
    ) throws(BenchmarkError) {
        let otherPort = load.port == 9 ? 10 : 9
        for feature in Self.features where isFunction || !feature.needsFunction {
            let figure = "kernel.\(name).\(feature.name)"
            let arguments = ["-t", tracer, "-p", "udp"] + feature.arguments
            let unmatched = try measure(arguments + ["--dport", "\(otherPort)"], load)
            let matched = try measure(arguments + ["--dport", "\(load.port)"], load)
            Figures.print("\(figure).unmatched.event", unmatched.time, "ns")
            Figures.print("\(figure).matched.event", matched.time, "ns")
            // 0 before 5.16, which does not report it.
            if matched.size.verified > 0 { Figures.print("\(figure).verified", matched.size.verified, "instructions") }
            Figures.print("\(figure).translated", matched.size.translated, "instructions")
            Figures.print("\(figure).machine_code", matched.size.machineCode, "bytes")
        }
    }

    private func measure(
        _ arguments: [String], _ load: borrowing LoopbackLoad
    ) throws(BenchmarkError) -> (time: Double, size: ProgramSize) {
        var tracer = try TracerProcess(program, arguments)
        _ = try tracer.waitUntilReady()
        let timing = try ProgramTiming()
        var times: [Double] = []
        for _ in 0..<runs {
            let before = try ProgramStatistics(process: tracer.pid)
            _ = try load.run()
            let spent = try ProgramStatistics(process: tracer.pid) - before
            times.append(Double(spent.nanoseconds) / Double(LoopbackLoad.packetCount))
        }
        let size = try ProgramSize(process: tracer.pid)
        _ = consume timing
        _ = try tracer.stop()
        return (times.median, size)
    }
}
