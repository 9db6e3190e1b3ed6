/// What tracing costs the traced: nanoseconds per program run and per packet, for packets that the filter rejects and
/// for those that it takes.
struct KernelBenchmark {
    let program: String
    let runs: Int

    /// One load under one configuration.
    private struct Sample {
        /// Of nettrace's programs, and of the empty one beside them.
        var traced: ProgramStatistics
        var empty: ProgramStatistics?
        /// Of the whole way of a packet, without the kernel's time-taking.
        var packet: Double
    }

    func run() throws(BenchmarkError) {
        let load = try LoopbackLoad()
        _ = try load.run()
        var untraced: [Double] = []
        for _ in 0..<runs { untraced.append(try load.run()) }
        Figures.print("kernel.untraced.packet", untraced.median, "ns")

        try compare("tracepoint", tracers: "net:netif_receive_skb", load) { () throws(BenchmarkError) in
            try EmptyProgram(tracepoint: "netif_receive_skb")
        }
        if let reason = Self.lacksKprobeMulti() {
            Figures.note("kernel.kprobe_multi: left out, \(reason)")
        } else {
            try compare("kprobe_multi", tracers: "kernel:ip_rcv", load) { () throws(BenchmarkError) in
                try EmptyProgram(function: "ip_rcv")
            }
        }
        try compare("default", tracers: nil, load, empty: nil)
    }

    /// Why there is no kprobe.multi here; nil where there is.
    private static func lacksKprobeMulti() -> BenchmarkError? {
        do throws(BenchmarkError) {
            _ = try EmptyProgram(function: "ip_rcv")
            return nil
        } catch {
            return error
        }
    }

    /// Unmatched and matched packets under the same tracers, and what an empty program costs in the same place.
    private func compare(
        _ name: String, tracers: String?, _ load: borrowing LoopbackLoad,
        empty: (() throws(BenchmarkError) -> EmptyProgram)?
    ) throws(BenchmarkError) {
        let selection = tracers.map { ["-t", $0] } ?? []
        // Of the same protocol, so that the filter has to look at the ports.
        let otherPort = load.port == 9 ? 10 : 9
        let unmatched = try measure(selection + ["-p", "udp", "--dport", "\(otherPort)"], load, empty)
        let matched = try measure(selection + ["-p", "udp", "--dport", "\(load.port)"], load, empty)

        let (rejecting, taking) = (unmatched.map(\.traced.perRun).median, matched.map(\.traced.perRun).median)
        Figures.print("kernel.\(name).unmatched.run", rejecting, "ns")
        Figures.print("kernel.\(name).matched.run", taking, "ns")
        Figures.print("kernel.\(name).matched_by_unmatched", taking / rejecting, "ratio")
        let floor = (unmatched + matched).compactMap(\.empty?.perRun).median
        if floor > 0 {
            Figures.print("kernel.\(name).empty.run", floor, "ns")
            Figures.print("kernel.\(name).unmatched_by_empty", rejecting / floor, "ratio")
        }
        let count = Double(LoopbackLoad.packetCount)
        Figures.print("kernel.\(name).runs_per_packet", unmatched.map { Double($0.traced.runs) / count }.median, "runs")
        Figures.print("kernel.\(name).unmatched.packet", unmatched.map(\.packet).median, "ns")
        Figures.print("kernel.\(name).matched.packet", matched.map(\.packet).median, "ns")
    }

    private func measure(
        _ arguments: [String], _ load: borrowing LoopbackLoad, _ empty: (() throws(BenchmarkError) -> EmptyProgram)?
    ) throws(BenchmarkError) -> [Sample] {
        var tracer = try TracerProcess(program, arguments)
        _ = try tracer.waitUntilReady()
        var samples: [Sample] = []
        for _ in 0..<runs {
            let packet = try load.run()
            let timing = try ProgramTiming()
            let before = try ProgramStatistics(process: tracer.pid)
            var floor: ProgramStatistics?
            if let empty {
                let program = try empty()
                _ = try load.run()
                floor = try program.statistics()
            } else {
                _ = try load.run()
            }
            let traced = try ProgramStatistics(process: tracer.pid) - before
            samples.append(Sample(traced: traced, empty: floor, packet: packet))
            _ = consume timing
        }
        _ = try tracer.stop()
        return samples
    }
}
